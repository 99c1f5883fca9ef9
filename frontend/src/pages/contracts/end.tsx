import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useRefresh, useSend } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import { EMPTY_DATE, formatDate, isEmptyDate, toIso } from '../../lib/dates'
import { Button, DateField, Dialog, ErrorSummary, Section, TextArea, summaryOf, useFieldErrors } from '../../ui'
import { useNotice } from './parts'

/** What happens when notice is given today, as a whole sentence. */
function useConsequence(contract: ContractDetail): string {
  const { t, i18n } = useTranslation('contracts')
  if (contract.may_withdraw) return t('end.consequenceWithdraw')
  const last = contract.earliest_last_day ?? contract.care_until
  if (last < contract.care_from) return t('end.consequenceNever')
  return t('end.consequence', { date: formatDate(last, i18n.language) })
}

function EndDialog({ contract, onClose }: { contract: ContractDetail; onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const fieldErrors = useFieldErrors()
  const consequence = useConsequence(contract)
  const [day, setDay] = useState(EMPTY_DATE)
  const [reason, setReason] = useState('')
  const path = `/contracts/${contract.id}`
  const send = useSend(() => api.post<ContractDetail>(`${path}/notice`, { last_day: isEmptyDate(day) ? null : toIso(day), reason: reason.trim() || null }, { version: contract.version }))
  const errors = fieldErrors(send.error)
  if (!isEmptyDate(day) && !toIso(day)) errors['last_day'] = common('form.wrongDate')
  const submit = async () => {
    if (!isEmptyDate(day) && !toIso(day)) return
    const answer = await send.run()
    if (answer?.ok) {
      client.setQueryData(keyOf(api, path), answer.value)
      onClose()
      await refresh('/contracts', '/demands', '/family')
    }
  }
  const title = contract.may_withdraw ? t('end.titleWithdraw') : t('end.titleAsk')
  return (
    <Dialog open title={title} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.back')}</Button><Button danger busy={send.busy} onClick={() => void submit()}>{contract.may_withdraw ? t('end.withdraw') : t('end.notice')}</Button></>}>
      <div className="kp-stack">
        <ErrorSummary errors={summaryOf(errors)} problem={send.error} />
        <p className="kern-body"><strong>{consequence}</strong></p>
        {!contract.may_withdraw && contract.earliest_last_day && contract.earliest_last_day >= contract.care_from && (
          <DateField id="last_day" label={t('end.lastDay')} hint={t('end.lastDayHint', { date: formatDate(contract.earliest_last_day, i18n.language) })} optional value={day} onChange={setDay} error={errors['last_day'] ?? null} />
        )}
        <TextArea id="reason" label={t('end.reason')} hint={t('end.reasonHint')} optional rows={2} maxLength={500} value={reason} onChange={setReason} error={errors['reason'] ?? null} />
      </div>
    </Dialog>
  )
}

/** The guardians' way out, with what it does before anything is pressed. */
export function EndContract({ contract }: { contract: ContractDetail }): JSX.Element | null {
  const { t } = useTranslation('contracts')
  const notice = useNotice()
  const [open, setOpen] = useState(false)
  if (contract.only_by_agreement) return <Section title={t('end.title')}><p className="kern-body">{t('end.onlyByAgreement')}</p></Section>
  if (!contract.earliest_last_day) return null
  return (
    <Section title={t('end.title')}>
      <p className="kern-body">{contract.may_withdraw ? t('end.leadWithdraw') : t('end.lead', { notice: notice(contract) })}</p>
      <div><Button kind="secondary" danger onClick={() => setOpen(true)}>{contract.may_withdraw ? t('end.withdraw') : t('end.notice')}</Button></div>
      {open && <EndDialog contract={contract} onClose={() => setOpen(false)} />}
    </Section>
  )
}
