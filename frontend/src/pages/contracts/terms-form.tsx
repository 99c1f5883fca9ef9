import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { ContractDetail, ContractTerms } from '../../api/contract-types'
import { toIso, toParts } from '../../lib/dates'
import { useUnsaved } from '../../lib/unsaved'
import { Alert, Button, DateField, ErrorSummary, TextArea, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

/** The terms of a draft, whole. */
export function TermsForm({ contract, onDone, onCancel }: { contract: ContractDetail; onDone: (next: ContractDetail) => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [from, setFrom] = useState(() => toParts(contract.care_from))
  const [hours, setHours] = useState(String(contract.hours_per_week))
  const [windowFrom, setWindowFrom] = useState(contract.window_from ?? '')
  const [windowTo, setWindowTo] = useState(contract.window_to ?? '')
  const [weeks, setWeeks] = useState(String(contract.settling_in_weeks))
  const [note, setNote] = useState(contract.note ?? '')
  const send = useSend((terms: ContractTerms) => api.put<ContractDetail>(`/staff/contracts/${contract.id}/terms`, terms, { version: contract.version }))
  const errors = fieldErrors(send.error)
  const typed = JSON.stringify([from, hours, windowFrom, windowTo, weeks, note])
  const [first] = useState(typed)
  useUnsaved(typed !== first)
  const start = toIso(from)
  if (!start) errors['care_from'] = common('form.wrongDate')
  const submit = async () => {
    if (!start) return
    const number = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : -1)
    const answer = await send.run({ care_from: start, hours_per_week: number(hours), window_from: windowFrom || null, window_to: windowTo || null, settling_in_weeks: number(weeks), note: note.trim() || null })
    if (answer?.ok) onDone(answer.value)
  }
  const labels = { care_from: t('staff.from'), hours_per_week: t('staff.hours'), window_from: t('staff.windowFrom'), window_to: t('staff.windowTo'), settling_in_weeks: t('staff.weeks'), note: t('staff.note') }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <h3>{t('staff.termsTitle')}</h3>
      {send.error?.isStale && <Alert tone="warning" live title={t('sign.changed')} />}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error?.isStale ? null : send.error} />
      <DateField id="care_from" label={labels.care_from} value={from} onChange={setFrom} error={errors['care_from'] ?? null} />
      <TextField id="hours_per_week" label={labels.hours_per_week} width="xs" inputMode="numeric" value={hours} onChange={setHours} error={errors['hours_per_week'] ?? null} />
      <div className="kp-row">
        <TextField id="window_from" label={labels.window_from} width="sm" type="time" optional value={windowFrom} onChange={setWindowFrom} error={errors['window_from'] ?? null} />
        <TextField id="window_to" label={labels.window_to} width="sm" type="time" optional value={windowTo} onChange={setWindowTo} error={errors['window_to'] ?? null} />
      </div>
      <TextField id="settling_in_weeks" label={labels.settling_in_weeks} width="xs" inputMode="numeric" value={weeks} onChange={setWeeks} error={errors['settling_in_weeks'] ?? null} />
      <TextArea id="note" label={labels.note} hint={t('staff.noteHint')} optional rows={3} maxLength={1000} value={note} onChange={setNote} error={errors['note'] ?? null} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{common('action.save')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
