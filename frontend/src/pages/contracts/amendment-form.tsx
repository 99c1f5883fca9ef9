import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useSend } from '../../api/hooks'
import type { AmendmentTerms, ContractAmendment, ContractDetail } from '../../api/contract-types'
import { addDays, isEmptyDate, lastDay, toIso, toParts, today } from '../../lib/dates'
import { useUnsaved } from '../../lib/unsaved'
import { Alert, Button, DateField, ErrorState, ErrorSummary, Select, TextArea, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { TimesFields, timesErrors, timesInput, timesOf, useTimesLabels } from './week'

/** A change of an agreed contract, whole: what holds from a day on. */
export function AmendmentForm({ contract, open, onDone, onCancel }: { contract: ContractDetail; open: ContractAmendment | undefined; onDone: (next: ContractDetail) => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('amendments')
  const { t: words } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const last = contract.amendments.findLast((one) => one.state === 'signed_by_provider')
  const start = open?.after ?? last?.after ?? { hours_per_week: contract.hours_per_week, window_from: contract.window_from, window_to: contract.window_to, week: contract.week, last_day: lastDay(contract.care_until) }
  const earliest = contract.care_from > today() ? contract.care_from : addDays(today(), 1)
  const [from, setFrom] = useState(() => toParts(open?.valid_from ?? earliest))
  const [times, setTimes] = useState(() => timesOf(start))
  const [end, setEnd] = useState(() => toParts(start.last_day))
  const [group, setGroup] = useState(open?.group_id ?? '')
  const [note, setNote] = useState(open?.note ?? '')
  const board = useGet<{ groups: { id: string; name: string }[] }>(`/staff/facilities/${contract.facility_id}/groups`)
  const groups = board.data?.groups ?? []
  const send = useSend((terms: AmendmentTerms) => api.put<ContractDetail>(`/staff/contracts/${contract.id}/amendment`, terms, { version: contract.version }))
  const errors = timesErrors(fieldErrors(send.error), times)
  const typed = JSON.stringify([from, times, end, group, note])
  const [first] = useState(typed)
  useUnsaved(typed !== first)
  const [begins, ends] = [toIso(from), toIso(end)]
  if (!begins) errors['valid_from'] = common('form.wrongDate')
  if (!ends && !isEmptyDate(end)) errors['last_day'] = common('form.wrongDate')
  const submit = async () => {
    if (!begins || (!ends && !isEmptyDate(end))) return
    const answer = await send.run({ valid_from: begins, ...timesInput(times), last_day: ends, group_id: group || null, note: note.trim() || null })
    if (answer?.ok) onDone(answer.value)
  }
  const labels = { valid_from: t('staff.from'), ...useTimesLabels(), last_day: t('staff.last'), group_id: t('staff.group'), note: words('staff.note') }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <h3>{t('staff.formTitle')}</h3>
      {send.error?.isStale && <Alert tone="warning" live title={words('sign.changed')} />}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error?.isStale ? null : send.error} />
      <DateField id="valid_from" label={labels.valid_from} value={from} onChange={setFrom} error={errors['valid_from'] ?? null} />
      <TimesFields value={times} onChange={setTimes} errors={errors} />
      <DateField id="last_day" label={labels.last_day} value={end} onChange={setEnd} error={errors['last_day'] ?? null} />
      {board.error && <ErrorState part problem={board.error} onRetry={() => void board.refetch()} />}
      {groups.length > 0 && <Select id="group_id" label={labels.group_id} hint={t('staff.groupHint')} value={group} onChange={setGroup} options={[{ value: '', label: t('staff.groupStays') }, ...groups.map((one) => ({ value: one.id, label: one.name }))]} error={errors['group_id'] ?? null} />}
      <TextArea id="note" label={labels.note} hint={t('staff.noteHint')} optional rows={3} maxLength={1000} value={note} onChange={setNote} error={errors['note'] ?? null} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{common('action.save')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
