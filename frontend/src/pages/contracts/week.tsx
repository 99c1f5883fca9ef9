import { type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayTimes, TimesInput } from '../../api/types'
import { HoursHint } from '../../lib/hours-hint'
import { hoursText, minutesOf, WEEKDAYS, weekdayName } from '../../lib/week'
import { errorId, FieldError, Fieldset, RadioGroup, TextField } from '../../ui'

type Day = { comes: boolean; from: string; to: string }
/** What is typed about hours and times: once for every day, or day by day. */
export type Times = { same: boolean; hours: string; from: string; to: string; days: Day[] }
type Known = { hours_per_week: number; window_from: string | null; window_to: string | null; week: DayTimes[] | null }

export function timesOf(known: Known): Times {
  const [from, to] = [known.window_from ?? '', known.window_to ?? '']
  const days = WEEKDAYS.map((weekday) => {
    const day = known.week?.find((one) => one.weekday === weekday)
    return { comes: known.week === null || day !== undefined, from: day?.from ?? from, to: day?.to ?? to }
  })
  return { same: known.week === null, hours: String(known.hours_per_week), from, to, days }
}

/** The same as it is sent. */
export function timesInput({ same, hours, from, to, days }: Times): TimesInput {
  if (same) {
    return { hours_per_week: /^\d{1,3}$/.test(hours.trim()) ? Number(hours) : -1, window_from: from || null, window_to: to || null, week: null }
  }
  const week = WEEKDAYS.flatMap((weekday, at) => {
    const day = days[at]
    return day?.comes ? [{ weekday, from: day.from || null, to: day.to || null }] : []
  })
  return { hours_per_week: null, window_from: null, window_to: null, week }
}

const fieldOf = (weekday: number, end: 'from' | 'to'): string => `week.${weekday}.${end}`

/** The server counts the days that were sent; the form names them by their weekday. */
export function timesErrors(errors: Record<string, string>, times: Times): Record<string, string> {
  const sent = WEEKDAYS.filter((_, at) => times.days[at]?.comes)
  return Object.fromEntries(Object.entries(errors).map(([field, message]) => {
    const found = /^week\.(\d+)\.(from|to)$/.exec(field)
    const weekday = found && sent[Number(found[1])]
    return [weekday ? fieldOf(weekday, found[2] as 'from' | 'to') : field, message]
  }))
}

/** What the fields are called in a summary of errors. */
export function useTimesLabels(): Record<string, string> {
  const { t, i18n } = useTranslation('contracts')
  const ends = WEEKDAYS.flatMap((weekday) => (['from', 'to'] as const).map((end) => [fieldOf(weekday, end), t(`staff.week.${end}Of`, { day: weekdayName(weekday, i18n.language) })]))
  return { hours_per_week: t('staff.hours'), window_from: t('staff.windowFrom'), window_to: t('staff.windowTo'), week: t('staff.week.days'), ...Object.fromEntries(ends) }
}

/** Hours and times: the same on every day, or a small table of the week. */
export function TimesFields({ value, onChange, errors }: { value: Times; onChange: (value: Times) => void; errors: Record<string, string | undefined> }): JSX.Element {
  const { t } = useTranslation('contracts')
  const labels = useTimesLabels()
  const set = (patch: Partial<Times>) => onChange({ ...value, ...patch })
  // What is typed for every day is where the single days begin.
  const setEnd = (end: 'from' | 'to', time: string) =>
    set({ [end]: time, days: value.days.map((day) => (day[end] === value[end] ? { ...day, [end]: time } : day)) })
  return (
    <>
      <RadioGroup
        id="same_every_day"
        label={t('staff.week.choice')}
        horizontal
        value={value.same ? 'same' : 'each'}
        onChange={(choice) => set({ same: choice === 'same' })}
        options={[{ value: 'same', label: t('staff.week.same') }, { value: 'each', label: t('staff.week.each') }]}
      />
      {value.same ? (
        <>
          <TextField id="hours_per_week" label={labels['hours_per_week']} width="xs" inputMode="numeric" value={value.hours} onChange={(hours) => set({ hours })} error={errors['hours_per_week'] ?? null} />
          <div className="kp-row">
            <TextField id="window_from" label={labels['window_from']} width="sm" type="time" optional value={value.from} onChange={(time) => setEnd('from', time)} error={errors['window_from'] ?? null} />
            <TextField id="window_to" label={labels['window_to']} width="sm" type="time" optional value={value.to} onChange={(time) => setEnd('to', time)} error={errors['window_to'] ?? null} />
          </div>
          <HoursHint hours={Number(value.hours)} from={value.from} to={value.to} />
        </>
      ) : <Days days={value.days} onChange={(days) => set({ days })} errors={errors} />}
    </>
  )
}

function Days({ days, onChange, errors }: { days: Day[]; onChange: (days: Day[]) => void; errors: Record<string, string | undefined> }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const labels = useTimesLabels()
  const set = (at: number, patch: Partial<Day>) => onChange(days.map((day, n) => (n === at ? { ...day, ...patch } : day)))
  const minutes = minutesOf(days.filter((day) => day.comes))
  const time = (weekday: number, at: number, end: 'from' | 'to') => {
    const [id, day] = [fieldOf(weekday, end), days[at]]
    const error = day?.comes ? errors[id] : undefined
    return (
      <td>
        <input
          id={id}
          type="time"
          className={`kern-form-input__input ${error ? 'kern-form-input__input--error' : ''}`}
          aria-label={labels[id]}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId(id) : undefined}
          disabled={!day?.comes}
          value={day?.comes ? day[end] : ''}
          onChange={(event) => set(at, { [end]: event.target.value })}
        />
        <FieldError id={id}>{error}</FieldError>
      </td>
    )
  }
  return (
    <Fieldset id="week" label={t('staff.week.title')} error={errors['week'] ?? null}>
      <div className="kp-week-box">
        <table className="kp-week">
          <caption className="kern-sr-only">{t('staff.week.title')}</caption>
          <thead><tr><th scope="col">{t('staff.week.day')}</th><th scope="col">{t('staff.windowFrom')}</th><th scope="col">{t('staff.windowTo')}</th><th scope="col">{t('staff.week.absent')}</th></tr></thead>
          <tbody>
            {WEEKDAYS.map((weekday, at) => {
              const name = weekdayName(weekday, i18n.language)
              return (
                <tr key={weekday}>
                  <th scope="row">{name}</th>
                  {time(weekday, at, 'from')}
                  {time(weekday, at, 'to')}
                  <td className="kp-week__absent">
                    <label>
                      <input type="checkbox" className="kern-form-check__checkbox" aria-label={t('staff.week.absentOf', { day: name })} checked={!days[at]?.comes} onChange={(event) => set(at, { comes: !event.target.checked })} />
                      <span aria-hidden="true">{t('staff.week.absent')}</span>
                    </label>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p className="kern-body" role="status">{t('staff.week.sum', { time: hoursText(minutes), count: Math.ceil(minutes / 60) })}</p>
    </Fieldset>
  )
}

/** The hours of a contract; where the times of its week are not whole hours it says so. */
export function useHoursText(): (of: Pick<Known, 'hours_per_week' | 'week'>) => string {
  const { t } = useTranslation('contracts')
  return ({ hours_per_week: hours, week }) => {
    const minutes = week ? minutesOf(week) : 0
    return minutes % 60 === 0 ? String(hours) : t('facts.hoursBegun', { hours, time: hoursText(minutes) })
  }
}

/** The times of each day, for reading. */
export function WeekTable({ week }: { week: DayTimes[] }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  return (
    <table className="kp-week">
      <caption className="kern-sr-only">{t('facts.week')}</caption>
      <thead className="kern-sr-only"><tr><th scope="col">{t('staff.week.day')}</th><th scope="col">{t('facts.window')}</th></tr></thead>
      <tbody>
        {WEEKDAYS.map((weekday) => {
          const day = week.find((one) => one.weekday === weekday)
          return (
            <tr key={weekday}>
              <th scope="row">{weekdayName(weekday, i18n.language)}</th>
              <td>{day ? t('facts.windowValue', { from: day.from, to: day.to }) : t('facts.absent')}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
