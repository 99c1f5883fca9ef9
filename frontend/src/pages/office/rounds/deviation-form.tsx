import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useIdempotencyKey, useRefresh, useSend } from '../../../api/hooks'
import type { CaseDetail, DeviationInput, DeviationKind, DeviationReason, Round } from '../../../api/round-types'
import { REASONS } from '../../../lib/why'
import { Button, ErrorSummary, RadioGroup, Select, TextArea, useFieldErrors } from '../../../ui'
import { namedSummary } from '../../../staff'

type Values = { kind: DeviationKind | ''; preference: string; reason: DeviationReason | ''; note: string }

/** A person decides against the proposal: what, about which wish, and why, with a reason from the published list. */
export function DeviationForm({ round, detail, onDone, onCancel }: { round: Round; detail: CaseDetail; onDone: () => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: common } = useTranslation()
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [values, setValues] = useState<Values>({ kind: '', preference: '', reason: '', note: '' })
  const [tried, setTried] = useState(false)
  const set = (patch: Partial<Values>) => { renew(); setValues((old) => ({ ...old, ...patch })) }
  const send = useSend(async (input: DeviationInput) => {
    await api.post(`/rounds/${round.id}/deviations`, input, { idempotencyKey: key() })
    await refresh('/rounds')
  })
  const own: Record<string, string> = {}
  if (!values.kind) own['kind'] = t('deviation.needKind')
  if (!values.preference) own['preference_id'] = t('deviation.needWish')
  if (!values.reason) own['reason'] = t('deviation.needReason')
  if (!values.note.trim()) own['note'] = t('deviation.needNote')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    const { kind, preference, reason, note } = values
    if (!kind || !preference || !reason || !note.trim()) return
    const answer = await send.run({ case_id: detail.case.id, kind, preference_id: preference, reason, note: note.trim() })
    if (answer?.ok) onDone()
  }
  const labels = { kind: t('deviation.what'), preference_id: t('deviation.wish'), reason: t('deviation.why'), note: t('deviation.note') }
  // A wish that is no candidate cannot be decided about.
  const wishes = detail.wishes.filter((wish) => !wish.excluded)
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <h3>{t('deviation.title')}</h3>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <RadioGroup id="kind" label={labels.kind} value={values.kind} onChange={(kind) => set({ kind })} error={errors['kind']} options={(['place', 'exclude'] as const).map((kind) => ({ value: kind, label: t(`deviation.choose.${kind}`) }))} />
      <Select id="preference_id" label={labels.preference_id} empty={t('deviation.chooseWish')} value={values.preference} onChange={(preference) => set({ preference })} error={errors['preference_id']} options={wishes.map((wish) => ({ value: wish.preference_id, label: `${wish.rank}. ${wish.facility_name}` }))} />
      <Select id="reason" label={labels.reason} hint={t('deviation.whyHint')} empty={t('deviation.chooseReason')} value={values.reason} onChange={(reason) => set({ reason })} error={errors['reason']} options={REASONS.map((reason) => ({ value: reason, label: t(`deviation.reason.${reason}`) }))} />
      <TextArea id="note" label={labels.note} hint={t('deviation.noteHint')} rows={3} maxLength={1000} value={values.note} onChange={(note) => set({ note })} error={errors['note']} />
      <p className="kern-body">{t('deviation.consequence')}</p>
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('deviation.propose')}</Button><Button small kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}
