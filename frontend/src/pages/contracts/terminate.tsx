import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import { EMPTY_DATE, formatDate, isEmptyDate, toIso } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Button, Checkbox, DateField, Dialog, ErrorSummary, TextArea, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

function TerminateDialog({ contract, onDone, onClose }: { contract: ContractDetail; onDone: (message: string, next: ContractDetail) => void; onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const fieldErrors = useFieldErrors()
  const [day, setDay] = useState(EMPTY_DATE)
  const [reason, setReason] = useState('')
  const [agreed, setAgreed] = useState(contract.only_by_agreement)
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post<ContractDetail>(`/staff/contracts/${contract.id}/terminate`, { last_day: isEmptyDate(day) ? null : toIso(day), reason: reason.trim(), by_agreement: agreed }, { version: contract.version }))
  const own: Record<string, string> = {}
  if (!reason.trim()) own['reason'] = t('staff.needReason')
  if ((contract.only_by_agreement || !isEmptyDate(day)) && !toIso(day)) own['last_day'] = common('form.wrongDate')
  const errors: Record<string, string> = { ...fieldErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) onDone(contract.may_withdraw ? t('staff.withdrawn') : t('staff.terminated'), answer.value)
  }
  const earliest = formatDate(contract.earliest_last_day, i18n.language)
  const whole = !contract.only_by_agreement && (contract.may_withdraw || (contract.earliest_last_day ?? '') < contract.care_from)
  const label = contract.may_withdraw ? t('staff.withdraw') : t('staff.terminate')
  return (
    <Dialog open title={`${label}: ${words.childLabel(contract.child.label)}`} onClose={onClose} footer={<><Button danger busy={send.busy} onClick={() => void submit()}>{label}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <div className="kp-stack">
        <ErrorSummary errors={namedSummary(errors, { reason: t('staff.reason'), last_day: t('end.lastDay') })} problem={send.error} />
        <p className="kern-body"><strong>{whole ? t('staff.consequenceWithdraw') : contract.only_by_agreement ? t('staff.consequenceAgreed') : t('staff.consequence', { date: earliest })}</strong></p>
        {!whole && (
          <>
            <DateField id="last_day" label={t('end.lastDay')} {...(contract.only_by_agreement ? {} : { hint: t('end.lastDayHint', { date: earliest }), optional: true })} value={day} onChange={setDay} error={errors['last_day'] ?? null} />
            <Checkbox id="by_agreement" label={t('staff.agreed')} checked={agreed} onChange={setAgreed} />
          </>
        )}
        <TextArea id="reason" label={t('staff.reason')} hint={t('staff.reasonHint')} rows={3} maxLength={500} value={reason} onChange={setReason} error={errors['reason'] ?? null} />
      </div>
    </Dialog>
  )
}

/** The facility's way out of a contract. */
export function Terminate({ contract, onDone }: { contract: ContractDetail; onDone: (message: string, next: ContractDetail) => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const [open, setOpen] = useState(false)
  return (
    <div>
      <Button kind="tertiary" danger onClick={() => setOpen(true)}>{contract.may_withdraw ? t('staff.withdraw') : t('staff.terminate')}</Button>
      {open && <TerminateDialog contract={contract} onClose={() => setOpen(false)} onDone={(message, next) => { setOpen(false); onDone(message, next) }} />}
    </div>
  )
}
