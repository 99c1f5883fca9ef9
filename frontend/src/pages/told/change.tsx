import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { OfficeDemandDetail, ToldBy } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { EMPTY_DATE, isEmptyDate, toIso, toParts, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Button, DateField, Dialog, ErrorSummary, RadioGroup, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { WishesField } from '../office/wishes-field'
import { WAYS } from '.'

type Props = { demand: OfficeDemandDetail; onClose: () => void; onDone: (message: string) => void }
const GONE = ['refused', 'declined', 'withdrawn', 'offer_expired', 'covered_elsewhere']

/** What a family without an account wants to be otherwise in its demand: the same fields as at the intake, as far as a sent demand can change. */
export function DemandChangeTold({ demand, onClose, onDone }: Props): JSX.Element {
  const { t } = useTranslation('told')
  const { t: office } = useTranslation('office')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const tenant = useTenant()
  const serverErrors = useFieldErrors()
  const before = {
    start: toParts(demand.desired_start), latest: demand.latest_start ? toParts(demand.latest_start) : EMPTY_DATE, hours: String(demand.hours_per_week ?? ''), least: String(demand.least_hours ?? ''),
    from: demand.window_from ?? '', to: demand.window_to ?? '',
    wishes: demand.preferences.filter((row) => !GONE.includes(row.state)).map((row) => ({ id: row.facility_id, name: row.facility_name })),
  }
  const ended = demand.preferences.filter((row) => GONE.includes(row.state)).map((row) => `${row.facility_name} (${words.preferenceState(row.state)})`)
  const [values, setValues] = useState(before)
  const [on, setOn] = useState(toParts(today()))
  const [by, setBy] = useState<ToldBy | ''>('')
  const [tried, setTried] = useState(false)
  const set = (patch: Partial<typeof before>) => setValues((old) => ({ ...old, ...patch }))
  const day = toIso(on)
  const hours = Number(values.hours.replace(',', '.'))
  const own: Record<string, string> = {}
  const start = toIso(values.start)
  if (!start) own['demand.desired_start'] = common('form.wrongDate')
  if (!isEmptyDate(values.latest) && !toIso(values.latest)) own['demand.latest_start'] = common('form.wrongDate')
  if (!(hours > 0 && hours <= 60)) own['demand.hours_per_week'] = office('intake.error.hours')
  if (values.least.trim() && !(Number(values.least) >= 1 && Number(values.least) <= hours)) own['demand.least_hours'] = office('intake.error.least')
  if (values.from && values.to && values.to <= values.from) own['demand.window_to'] = office('intake.error.window')
  // Where no wish stands any more, the rest can be changed without a new one.
  if (values.wishes.length === 0 && before.wishes.length > 0) own['facility_ids'] = office('intake.error.wishes')
  if (!day) own['told.on'] = t('needOn')
  else if (day > today()) own['told.on'] = t('future')
  if (by === '') own['told.by'] = t('needBy')
  const input = () => {
    const now = { desired_start: start, latest_start: toIso(values.latest), hours_per_week: hours, least_hours: values.least.trim() ? Number(values.least) : null, window_from: values.from || null, window_to: values.to || null }
    // What stays is left out, so that nothing else is checked or noted.
    const changed = Object.fromEntries(Object.entries(now).filter(([name, value]) => (demand[name as keyof typeof now] ?? null) !== value))
    const ids = values.wishes.map((wish) => wish.id)
    return {
      demand: Object.keys(changed).length > 0 ? changed : null,
      facility_ids: ids.join() === before.wishes.map((wish) => wish.id).join() ? null : ids,
      told: { on: day, by },
    }
  }
  const send = useSend(() => api.post(`/office/demands/${demand.id}/change`, input(), { version: demand.version }))
  const errors: Record<string, string> = {
    ...Object.fromEntries(Object.entries(serverErrors(send.error)).map(([field, message]) => [field.startsWith('facility_ids.') ? 'facility_ids' : field, message])),
    ...(tried ? own : {}),
  }
  const labels: Record<string, string> = {
    demand: t('change.nothing'), 'demand.desired_start': office('col.start'), 'demand.latest_start': office('intake.latest'), 'demand.hours_per_week': office('intake.hours'), 'demand.least_hours': office('intake.least'),
    'demand.window_from': office('intake.from'), 'demand.window_to': office('intake.to'), facility_ids: office('intake.wishes'), 'told.on': t('on'), 'told.by': t('by'),
  }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) onDone(t('change.done', { child: words.childLabel(demand.child.label) }))
  }
  return (
    <Dialog
      open
      title={t('change.title', { child: words.childLabel(demand.child.label) })}
      onClose={onClose}
      footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('change.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <p className="kern-body">{t('change.lead')}</p>
      <DateField id="demand.desired_start" label={office('col.start')} hint={t('change.startHint')} value={values.start} onChange={(next) => set({ start: next })} error={errors['demand.desired_start'] ?? null} />
      <DateField id="demand.latest_start" label={office('intake.latest')} optional value={values.latest} onChange={(latest) => set({ latest })} error={errors['demand.latest_start'] ?? null} />
      <div className="kp-row">
        <TextField id="demand.hours_per_week" label={office('intake.hours')} width="xs" inputMode="decimal" value={values.hours} onChange={(text) => set({ hours: text })} error={errors['demand.hours_per_week'] ?? null} />
        <TextField id="demand.least_hours" label={office('intake.least')} optional width="xs" inputMode="numeric" value={values.least} onChange={(least) => set({ least })} error={errors['demand.least_hours'] ?? null} />
        <TextField id="demand.window_from" label={office('intake.from')} width="sm" type="time" value={values.from} onChange={(from) => set({ from })} error={errors['demand.window_from'] ?? null} />
        <TextField id="demand.window_to" label={office('intake.to')} width="sm" type="time" value={values.to} onChange={(to) => set({ to })} error={errors['demand.window_to'] ?? null} />
      </div>
      {before.wishes.length === 0 && <p className="kern-body">{t('change.noWish', { ended: ended.join(', ') })}</p>}
      <WishesField wishes={values.wishes} max={tenant.max_preferences} onChange={(wishes) => set({ wishes })} error={errors['facility_ids']} />
      <DateField id="told.on" label={t('on')} hint={t('onHint')} value={on} onChange={setOn} error={errors['told.on'] ?? null} />
      <RadioGroup id="told.by" label={t('by')} value={by} onChange={setBy} error={errors['told.by'] ?? null} options={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))} />
    </Dialog>
  )
}
