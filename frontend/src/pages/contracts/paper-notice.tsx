import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import type { ToldBy } from '../../api/types'
import { EMPTY_DATE, formatDate, isEmptyDate, toIso, toParts, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Button, DateField, Dialog, ErrorSummary, RadioGroup, TextArea, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

type Props = { contract: ContractDetail; onDone: (message: string, next: ContractDetail) => void }
/** Notice needs paper: it cannot be given on the telephone. */
const WAYS = ['letter', 'in_person'] as const satisfies ToldBy[]

function NoticeDialog({ contract, onDone, onClose }: Props & { onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('told')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const fieldErrors = useFieldErrors()
  const [on, setOn] = useState(toParts(today()))
  const [by, setBy] = useState<(typeof WAYS)[number]>('letter')
  const [day, setDay] = useState(EMPTY_DATE)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post<ContractDetail>(`/staff/contracts/${contract.id}/notice`, { last_day: isEmptyDate(day) ? null : toIso(day), reason: reason.trim() || null, told: { on: toIso(on), by } }, { version: contract.version }))
  const received = toIso(on)
  const own: Record<string, string> = {}
  if (!received) own['told.on'] = t('needOn')
  else if (received > today()) own['told.on'] = t('future')
  if (!isEmptyDate(day) && !toIso(day)) own['last_day'] = common('form.wrongDate')
  const errors: Record<string, string> = { ...fieldErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) onDone(t('notice.done'), answer.value)
  }
  const child = words.childLabel(contract.child.label)
  const earliest = contract.earliest_last_day
  return (
    <Dialog open title={t('notice.title', { child })} onClose={onClose} footer={<><Button danger busy={send.busy} onClick={() => void submit()}>{t('notice.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <div className="kp-stack">
        <ErrorSummary errors={namedSummary(errors, { 'told.on': t('notice.on'), last_day: t('notice.lastDay'), reason: t('notice.reason') })} problem={send.error} />
        <p className="kern-body">{t('notice.lead')}</p>
        <p className="kern-body"><strong>{contract.may_withdraw || (earliest && earliest < contract.care_from) ? t('notice.never') : earliest ? t('notice.consequence', { date: formatDate(earliest, i18n.language) }) : t('notice.tooLate')}</strong></p>
        <DateField id="told.on" label={t('notice.on')} hint={t('notice.onHint')} value={on} onChange={setOn} error={errors['told.on'] ?? null} />
        <RadioGroup id="told.by" label={t('by')} value={by} onChange={setBy} error={errors['told.by'] ?? null} options={WAYS.map((value) => ({ value, label: t(`notice.way.${value}`) }))} />
        {!contract.may_withdraw && <DateField id="last_day" label={t('notice.lastDay')} hint={t('notice.lastDayHint')} optional value={day} onChange={setDay} error={errors['last_day'] ?? null} />}
        <TextArea id="reason" label={t('notice.reason')} optional rows={2} maxLength={500} value={reason} onChange={setReason} error={errors['reason'] ?? null} />
      </div>
    </Dialog>
  )
}

/** The notice of a family without an account, which came on paper. */
export function PaperNotice({ contract, onDone }: Props): JSX.Element {
  const { t } = useTranslation('told')
  const [open, setOpen] = useState(false)
  return (
    <div>
      <Button kind="tertiary" onClick={() => setOpen(true)}>{t('notice.act')}</Button>
      {open && <NoticeDialog contract={contract} onClose={() => setOpen(false)} onDone={(message, next) => { setOpen(false); onDone(message, next) }} />}
    </div>
  )
}
