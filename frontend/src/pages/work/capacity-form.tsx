import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { AgeBand, Capacity, CapacityFigure, CapacityInput } from '../../api/types'
import { isEmptyDate, toIso, toParts, today, type DateParts } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Button, DateField, ErrorSummary, TextField } from '../../ui'
import { namedSummary, useFormat, useVersioned } from '../../staff'

type Values = {
  from: DateParts; licensed: string; operable: string; operable_reason: string; since: DateParts; occupied_external: string
}
const EMPTY: CapacityInput = {
  from_month: '', licensed: 0, operable: 0, operable_reason: null, operable_since: null, occupied_external: 0,
}

/** The figures that hold today, as the start of a change. */
function latest(capacity: Capacity, band: AgeBand): CapacityInput {
  const figures: CapacityFigure[] = capacity.bands.find((entry) => entry.age_band === band)?.figures ?? []
  const now = today().slice(0, 7)
  const past = figures.filter((figure) => figure.from_month.slice(0, 7) <= now)
  return past.at(-1) ?? figures[0] ?? EMPTY
}
const toValues = (input: CapacityInput, from: string): Values => ({
  from: toParts(from), licensed: String(input.licensed), operable: String(input.operable),
  operable_reason: input.operable_reason ?? '', since: toParts(input.operable_since), occupied_external: String(input.occupied_external),
})
function toInput(values: Values): CapacityInput {
  return {
    from_month: `${toIso({ ...values.from, day: '1' })?.slice(0, 7) ?? ''}-01`,
    licensed: Number(values.licensed), operable: Number(values.operable),
    operable_reason: values.operable_reason.trim() || null, operable_since: toIso(values.since),
    occupied_external: Number(values.occupied_external),
  }
}

const COUNTS = ['licensed', 'operable', 'occupied_external'] as const
function useCheck(): (values: Values) => Record<string, string> {
  const { t } = useTranslation('work')
  return (values) => {
    const errors: Record<string, string> = {}
    for (const name of COUNTS) if (!/^\d{1,4}$/.test(values[name].trim())) errors[name] = t('capacity.needNumber')
    if (!toIso({ ...values.from, day: '1' })) errors['from_month'] = t('capacity.needMonth')
    const [licensed, operable] = [Number(values.licensed), Number(values.operable)]
    if (operable > licensed) errors['operable'] = t('capacity.operableTooHigh', { licensed })
    if (operable < licensed && !values.operable_reason.trim()) errors['operable_reason'] = t('capacity.needReason')
    if ((values.operable_reason.trim() || !isEmptyDate(values.since)) && !toIso(values.since)) errors['operable_since'] = t('capacity.needDate')
    return errors
  }
}

type Props = { capacity: Capacity; band: AgeBand; onSaved: () => void; onCancel: () => void }
/** Changes the figures of one age band from a month on; fewer operable than licensed places need a reason. */
export function CapacityForm({ capacity, band, onSaved, onCancel }: Props): JSX.Element {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const check = useCheck()
  const [tried, setTried] = useState(false)
  const path = `/staff/facilities/${capacity.facility_id}/capacity`
  const from = `${today().slice(0, 7)}-01`
  const labels: Record<keyof Values, string> = {
    from: t('capacity.from'), licensed: t('capacity.col.licensed'), operable: t('capacity.col.operable'), operable_reason: t('capacity.reason'),
    since: t('capacity.since'), occupied_external: t('capacity.external'),
  }
  const form = useVersioned<Values>({
    start: { value: toValues(latest(capacity, band), from), version: capacity.version },
    save: (value, version) => api.put(`${path}/${band}`, toInput(value), { version }),
    newest: async () => {
      const now = await api.get<Capacity>(path)
      return { value: toValues(latest(now, band), from), version: now.version }
    },
    labels,
    show: (field, value) => (typeof value === 'string' ? value : field === 'from' ? format.month(toIso({ ...(value as DateParts), day: '1' }) ?? from) : format.date(toIso(value as DateParts))),
    onSaved,
  })
  const own = check(form.value)
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const submit = () => { setTried(true); if (Object.keys(own).length === 0) void form.submit() }
  const count = (name: (typeof COUNTS)[number], hint?: string) => (
    <TextField id={name} label={labels[name]} hint={hint} width="xs" inputMode="numeric" value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[name]} />
  )
  return (
    <form className="kp-form kp-group" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <h3 className="kern-title">{t('capacity.editTitle', { band: words.ageBand(band) })}</h3>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, { ...labels, operable_since: labels.since })} problem={form.problem} />
      <div className="kp-row">
        <TextField id="from_month" label={t('capacity.fromMonth')} width="xs" inputMode="numeric" maxLength={2} value={form.value.from.month} onChange={(month) => form.set({ from: { ...form.value.from, day: '1', month } })} error={errors['from_month']} />
        <TextField label={common('form.year')} width="sm" inputMode="numeric" maxLength={4} value={form.value.from.year} onChange={(year) => form.set({ from: { ...form.value.from, day: '1', year } })} />
      </div>
      <div className="kp-grid2">
        {count('licensed', t('capacity.licensedHint'))}
        {count('operable', t('capacity.operableHint'))}
        <TextField id="operable_reason" label={labels.operable_reason} hint={t('capacity.reasonHint')} optional={Number(form.value.operable) >= Number(form.value.licensed)} maxLength={200} value={form.value.operable_reason} onChange={(operable_reason) => form.set({ operable_reason })} error={errors['operable_reason']} />
        <DateField id="operable_since" label={labels.since} optional={!form.value.operable_reason.trim()} value={form.value.since} onChange={(since) => form.set({ since })} error={errors['operable_since']} />
        {count('occupied_external', t('capacity.externalHint'))}
      </div>
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('capacity.save')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
