import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { ContractDetail, ContractTerms } from '../../api/contract-types'
import { toIso, toParts } from '../../lib/dates'
import { useUnsaved } from '../../lib/unsaved'
import { Alert, Button, DateField, ErrorSummary, TextArea, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { TimesFields, timesErrors, timesInput, timesOf, useTimesLabels } from './week'

/** The terms of a draft, whole. */
export function TermsForm({ contract, onDone, onCancel }: { contract: ContractDetail; onDone: (next: ContractDetail) => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [from, setFrom] = useState(() => toParts(contract.care_from))
  const [times, setTimes] = useState(() => timesOf(contract))
  const [weeks, setWeeks] = useState(String(contract.settling_in_weeks))
  const [note, setNote] = useState(contract.note ?? '')
  const send = useSend((terms: ContractTerms) => api.put<ContractDetail>(`/staff/contracts/${contract.id}/terms`, terms, { version: contract.version }))
  const errors = timesErrors(fieldErrors(send.error), times)
  const typed = JSON.stringify([from, times, weeks, note])
  const [first] = useState(typed)
  useUnsaved(typed !== first)
  const start = toIso(from)
  if (!start) errors['care_from'] = common('form.wrongDate')
  const submit = async () => {
    if (!start) return
    const number = (text: string) => (/^\d{1,3}$/.test(text.trim()) ? Number(text) : -1)
    const answer = await send.run({ care_from: start, ...timesInput(times), settling_in_weeks: number(weeks), note: note.trim() || null })
    if (answer?.ok) onDone(answer.value)
  }
  const labels = { care_from: t('staff.from'), ...useTimesLabels(), settling_in_weeks: t('staff.weeks'), note: t('staff.note') }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <h3>{t('staff.termsTitle')}</h3>
      {send.error?.isStale && <Alert tone="warning" live title={t('sign.changed')} />}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error?.isStale ? null : send.error} />
      <DateField id="care_from" label={labels.care_from} value={from} onChange={setFrom} error={errors['care_from'] ?? null} />
      <TimesFields value={times} onChange={setTimes} errors={errors} />
      <TextField id="settling_in_weeks" label={labels.settling_in_weeks} width="xs" inputMode="numeric" value={weeks} onChange={setWeeks} error={errors['settling_in_weeks'] ?? null} />
      <TextArea id="note" label={labels.note} hint={t('staff.noteHint')} optional rows={3} maxLength={1000} value={note} onChange={setNote} error={errors['note'] ?? null} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{common('action.save')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
