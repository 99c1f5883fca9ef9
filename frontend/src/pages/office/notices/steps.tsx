import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../../api/context'
import { useRefresh, useSend } from '../../../api/hooks'
import type { NoticeDetail, ObjectionOutcome } from '../../../api/notice-types'
import { useTo } from '../../../app/tenant'
import { toIso, toParts, today } from '../../../lib/dates'
import { Alert, AskedButton, Button, DateField, Dialog, ErrorSummary, ProblemView, RadioGroup, TextArea, useFieldErrors } from '../../../ui'

type Asked = 'issue' | 'service' | 'objection' | 'decision'
const FIELD = { issue: 'posted_on', service: 'served_on', objection: 'objected_on', decision: 'decided_on' } as const
const OUTCOMES: ObjectionOutcome[] = ['upheld', 'granted', 'partly']
/** A notice of a fee is posted and thrown away with its fee. */
const ofFee = (notice: NoticeDetail): string => (notice.fee_id ? `/office/fees/${notice.fee_id}` : `/office/notices/${notice.id}`)
type Props = { notice: NoticeDetail; onDone: (message: string) => void; onReload: () => void }

/** A step that needs a day, and what else is to be noted with it. */
function StepDialog({ notice, step, onClose, onDone }: { notice: NoticeDetail; step: Asked; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [day, setDay] = useState(toParts(today()))
  const [note, setNote] = useState('')
  const [outcome, setOutcome] = useState<ObjectionOutcome>('upheld')
  const [tried, setTried] = useState(false)
  const field = FIELD[step]
  const body = () => ({
    [field]: toIso(day),
    ...(step === 'objection' || step === 'decision' ? { note: note.trim() || null } : {}),
    ...(step === 'decision' ? { outcome } : {}),
  })
  const send = useSend(() => api.post(step === 'issue' ? `${ofFee(notice)}/issue` : `/office/notices/${notice.id}/${step}`, body(), { version: notice.version }))
  const errors = serverErrors(send.error)
  const dayError = tried && !toIso(day) ? common('form.wrongDate') : errors[field] ?? null
  const submit = async () => {
    setTried(true)
    if (toIso(day) && (await send.run())?.ok) onDone()
  }
  return (
    <Dialog
      open
      title={t(`step.${step}.title`)}
      onClose={onClose}
      footer={<><Button busy={send.busy} onClick={() => void submit()}>{t(`step.${step}.send`)}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={dayError ? [{ id: field, message: dayError }] : []} problem={send.error} />
      <p className="kern-body">{step === 'issue' && !notice.child_id ? t(notice.kind === 'licence_refusal' ? 'step.issue.licenceText' : 'step.issue.licenceSets') : t(`step.${step}.text`)}</p>
      <DateField id={field} label={t(`step.${step}.day`)} value={day} onChange={setDay} error={dayError} />
      {step === 'decision' && <RadioGroup id="outcome" label={t('step.decision.outcome')} value={outcome} onChange={setOutcome} options={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))} />}
      {(step === 'objection' || step === 'decision') && <TextArea id="note" label={t('step.note')} hint={t('step.noteHint')} optional rows={3} maxLength={1000} value={note} onChange={setNote} error={errors['note'] ?? null} />}
    </Dialog>
  )
}

/** What can be done with a notice in its state. */
export function NoticeSteps({ notice, onDone, onReload }: Props): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [asked, setAsked] = useState<Asked | null>(null)
  const simple = useSend((step: 'approve' | 'return') => api.post(`/office/notices/${notice.id}/${step}`, {}, { version: notice.version }))
  const discard = useSend(() => api.delete(ofFee(notice), { version: notice.version }))
  const problem = simple.error ?? discard.error
  const did = async (message: string) => { await refresh('/office/notices'); onDone(message) }
  const run = async (step: 'approve' | 'return') => { if ((await simple.run(step))?.ok) await did(t(`done.${step}`)) }
  const onDiscard = async () => {
    const answer = await discard.run()
    // What somebody else did meanwhile is told on the page, with a way to see it.
    if (!answer?.ok) return Boolean(answer?.error.isStale)
    await navigate(to(notice.fee_id ? '/amt/beitraege' : notice.demand_id ? `/amt/bedarfe/${notice.demand_id}` : '/amt/bescheide'))
    await refresh(notice.fee_id ? '/office/fees' : '/office/notices')
    return true
  }
  const isOut = ['issued', 'served', 'final'].includes(notice.state)
  return (
    <div className="kp-stack kp-stack--small">
      {problem?.isStale
        ? <Alert tone="warning" live title={t('stale')}><Button small kind="secondary" onClick={() => { simple.clear(); discard.clear(); onReload() }}>{t('showNew')}</Button></Alert>
        : problem?.errors?.length ? <Alert tone="warning" live title={t('openGap')} /> : <ProblemView problem={simple.error} />}
      {notice.state === 'drafted' && !notice.may_approve && <Alert tone="info" title={t('fourEyes')}><p className="kern-body">{t('fourEyesText')}</p></Alert>}
      <div className="kp-actions">
        {notice.state === 'drafted' && notice.may_approve && <Button small icon="check" busy={simple.busy} onClick={() => void run('approve')}>{t('act.approve')}</Button>}
        {notice.state === 'approved' && <Button small icon="mail" onClick={() => setAsked('issue')}>{t('act.issue')}</Button>}
        {notice.state === 'approved' && <Button small kind="secondary" busy={simple.busy} onClick={() => void run('return')}>{t('act.return')}</Button>}
        {isOut && <Button small onClick={() => setAsked('objection')}>{t('act.objection')}</Button>}
        {isOut && <Button small kind="secondary" onClick={() => setAsked('service')}>{t('act.service')}</Button>}
        {notice.state === 'objected' && <Button small onClick={() => setAsked('decision')}>{t('act.decision')}</Button>}
        <a className="kern-btn kern-btn--secondary kp-btn--small" href={api.url(`/office/notices/${notice.id}.pdf`)} target="_blank" rel="noreferrer"><span className="kern-label">{t('act.pdf')}</span></a>
        {notice.state === 'drafted' && <AskedButton small label={t('act.discard')} title={t('discard.title')} problem={discard.error} onRun={onDiscard}>{t('discard.text')}</AskedButton>}
      </div>
      {asked && <StepDialog notice={notice} step={asked} onClose={() => setAsked(null)} onDone={() => { setAsked(null); void did(common('save.saved')) }} />}
    </div>
  )
}
