import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useSend } from '../../api/hooks'
import type { AgeBand, Capacity, CapacityMonth, Offer, OfferInput, StaffPreferenceDetail } from '../../api/types'
import { addDays, toIso, toParts, isEmptyDate, type DateParts } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { useUnsaved } from '../../lib/unsaved'
import { Alert, Button, DateField, ErrorState, ErrorSummary, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { TimesFields, timesErrors, timesInput, timesOf, useTimesLabels, type Times } from '../contracts/week'

type Values = { from: DateParts; until: DateParts; times: Times; days: string }

/** How many places are free in the child's age band in the months after the wished start. */
function FreeMonths({ facilityId, band, from }: { facilityId: string; band: AgeBand; from: string | null }): JSX.Element | null {
  const { t } = useTranslation('work')
  const words = useWords()
  const format = useFormat()
  const query = useGet<Capacity>(`/staff/facilities/${facilityId}/capacity`)
  const months: CapacityMonth[] = query.data?.bands.find((entry) => entry.age_band === band)?.months ?? []
  if (query.isPending) return <p className="kern-body" role="status">{t('offer.loadingMonths')}</p>
  if (query.error) return <ErrorState part problem={query.error} onRetry={() => void query.refetch()} />
  if (months.length === 0) return <Alert tone="warning" title={t('offer.noFigures', { band: words.ageBand(band) })} />
  const start = from?.slice(0, 7) ?? months[0]?.month.slice(0, 7) ?? ''
  const shown = months.filter((entry) => entry.month.slice(0, 7) >= start).slice(0, 6)
  const first = shown[0]
  // A childminder's places count who is there at the same time, so that other days or times can be free.
  const byDay = Boolean(query.data?.presence)
  return (
    <div className="kp-stack kp-stack--small" role="status">
      <p className="kern-body"><strong>{t('offer.freeMonths', { band: words.ageBand(band) })}</strong></p>
      {shown.length === 0 && <p className="kern-body">{t('offer.outsideFigures')}</p>}
      <ul className="kp-monthchips">
        {shown.map((entry) => (
          <li key={entry.month} className={entry.bookable <= 0 ? 'is-full' : ''}>
            <span>{format.shortMonth(entry.month)} {entry.month.slice(2, 4)}</span><strong>{entry.bookable}</strong>
          </li>
        ))}
      </ul>
      {first && first.bookable <= 0 && <Alert tone="warning" title={t(byDay && first.limited_by !== 'contracts' ? 'offer.noneFreeByDay' : 'offer.noneFree', { month: format.month(first.month) })} />}
    </div>
  )
}

function check(values: Values, t: (key: 'offer.needFrom' | 'offer.needHours' | 'offer.needWindow' | 'offer.needUntil' | 'offer.needDays') => string): Record<string, string> {
  const errors: Record<string, string> = {}
  const from = toIso(values.from)
  const until = toIso(values.until)
  if (!from) errors['care_from'] = t('offer.needFrom')
  if (!isEmptyDate(values.until) && (!until || (from && until < from))) errors['care_until'] = t('offer.needUntil')
  const { same, from: comes, to: goes } = values.times
  const { hours_per_week: hours } = timesInput(values.times)
  if (same && !(hours && hours > 0 && hours <= 60)) errors['hours_per_week'] = t('offer.needHours')
  if (same && (Boolean(comes) !== Boolean(goes) || (comes && goes <= comes))) errors['window_from'] = t('offer.needWindow')
  const days = Number(values.days)
  if (values.days && !(Number.isInteger(days) && days >= 1 && days <= 60)) errors['deadline_days'] = t('offer.needDays')
  return errors
}

/** The offer of a place: filled with what the family wished, with the free months in sight before it is sent. */
export function OfferForm({ row, onSent, onCancel }: { row: StaffPreferenceDetail; onSent: () => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [tried, setTried] = useState(false)
  const [first] = useState<Values>({
    from: toParts(row.desired_start), until: toParts(null), days: '',
    times: timesOf({ hours_per_week: row.hours_per_week, window_from: row.window_from?.slice(0, 5) ?? null, window_to: row.window_to?.slice(0, 5) ?? null, week: null }),
  })
  const [values, setValues] = useState<Values>(first)
  useUnsaved(JSON.stringify(values) !== JSON.stringify(first))
  const set = (patch: Partial<Values>) => { renew(); setValues((old) => ({ ...old, ...patch })) }
  const send = useSend((input: OfferInput) => api.post<Offer>('/staff/offers', input, { idempotencyKey: key() }))
  const own = check(values, t)
  const errors: Record<string, string> = { ...timesErrors(serverErrors(send.error), values.times), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    const [from, last] = [toIso(values.from), toIso(values.until)]
    if (Object.keys(own).length > 0 || !from) return
    const answer = await send.run({
      preference_id: row.id, care_from: from, care_until: last && addDays(last, 1), ...timesInput(values.times),
      deadline_days: values.days ? Number(values.days) : null,
    })
    if (answer?.ok) onSent()
  }
  const child = words.childLabel(row.child.label)
  const labels = { care_from: t('offer.from'), care_until: t('offer.until'), ...useTimesLabels(), deadline_days: t('offer.days') }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <h3>{t('offer.title', { child })}</h3>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <FreeMonths facilityId={row.facility_id} band={row.child.age_band} from={toIso(values.from)} />
      <DateField id="care_from" label={t('offer.from')} value={values.from} onChange={(from) => set({ from })} error={errors['care_from']} />
      <DateField id="care_until" label={t('offer.until')} hint={t('offer.untilHint')} optional value={values.until} onChange={(until) => set({ until })} error={errors['care_until']} />
      <TimesFields value={values.times} onChange={(times) => set({ times })} errors={errors} />
      <TextField id="deadline_days" label={t('offer.days')} hint={t('offer.daysHint')} optional width="xs" inputMode="numeric" value={values.days} onChange={(days) => set({ days })} error={errors['deadline_days']} />
      <p className="kern-body">{t('offer.consequence', { child })}</p>
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('offer.send')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
