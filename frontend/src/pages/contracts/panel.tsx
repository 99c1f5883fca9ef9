import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useGet, useSend } from '../../api/hooks'
import type { ContractDetail, PaperSigner } from '../../api/contract-types'
import { hasRole, useSession } from '../../app/session'
import { formatDate, lastDay, toIso, toParts, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Badge, Button, DateField, DownloadLink, ErrorState, ProblemView, RadioGroup, Skeleton, useFieldErrors } from '../../ui'
import { Panel } from '../../staff'
import { ContractText, Signatures, Terms } from './parts'
import { Measles } from './measles'
import { TermsForm } from './terms-form'
import { PaperNotice } from './paper-notice'
import { Terminate } from './terminate'
import { AmendmentForm } from './amendment-form'
import { Amendments } from './amendments'

type Done = (message: string, next: ContractDetail) => void

const ALL = 'all'

/** A step that needs no more than a press; what it does stands above the button. */
function StepButton({ contract, step, text, label, done, onDone, kind = 'primary' }: { contract: ContractDetail; step: 'send' | 'recall' | 'countersign' | 'amendment/withdraw'; text: string; label: string; done: string; onDone: Done; kind?: 'primary' | 'secondary' }): JSX.Element {
  const api = useApi()
  const send = useSend(() => api.post<ContractDetail>(`/staff/contracts/${contract.id}/${step}`, {}, { version: contract.version }))
  const run = async () => {
    const answer = await send.run()
    if (answer?.ok) onDone(done, answer.value)
  }
  return (
    <div className="kp-stack kp-stack--small">
      <p className="kern-body">{text}</p>
      <ProblemView problem={send.error} />
      <div><Button kind={kind} busy={send.busy} onClick={() => void run()}>{label}</Button></div>
    </div>
  )
}

/** Signatures on paper, of those without an account or of all who are missing; the paper itself is kept by the facility. */
export function Paper({ contract, missing, onPaper, onDone }: { contract: ContractDetail; missing: string[]; onPaper: PaperSigner[]; onDone: Done }): JSX.Element {
  const { t } = useTranslation('contracts')
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [day, setDay] = useState(() => toParts(today()))
  const [by, setBy] = useState(onPaper[0]?.guardian_id ?? ALL)
  const iso = toIso(day)
  // One who has signed meanwhile is no choice any more.
  const who = onPaper.some((one) => one.guardian_id === by) ? by : ALL
  const send = useSend((signed_on: string) => api.post<ContractDetail>(`/staff/contracts/${contract.id}/paper-signature`, { signed_on, guardian_id: who === ALL ? null : who }, { version: contract.version }))
  const error = iso ? fieldErrors(send.error)['signed_on'] : t('staff.needDay')
  const run = async () => {
    const answer = iso ? await send.run(iso) : null
    if (answer?.ok) onDone(t('staff.paperDone'), answer.value)
  }
  return (
    <details className="kp-details">
      <summary>{t('staff.paper')}</summary>
      <div className="kp-stack kp-stack--small">
        {missing.length > 1 && onPaper.length > 0
          ? <RadioGroup id="paper_by" label={t('staff.paperBy')} value={who} onChange={setBy} options={[...onPaper.map((one) => ({ value: one.guardian_id, label: one.name })), { value: ALL, label: t('staff.paperAll'), hint: missing.join(', ') }]} />
          : <p className="kern-body">{t('staff.paperText', { names: missing.join(', ') })}</p>}
        <p className="kern-body">{t('staff.paperKept')}</p>
        <DateField id="signed_on" label={t('staff.signedOn')} value={day} onChange={setDay} error={error ?? null} />
        {!error && <ProblemView problem={send.error} />}
        <div><Button kind="secondary" busy={send.busy} onClick={() => void run()}>{t('staff.paper')}</Button></div>
      </div>
    </details>
  )
}

const openOf = (contract: ContractDetail) => contract.amendments.find((one) => ['drafted', 'sent', 'signed_by_guardians'].includes(one.state))

/** The steps of a change that is under way, or its beginning. */
function ChangeSteps({ contract, onDone }: { contract: ContractDetail; onDone: Done }): JSX.Element | null {
  const { t } = useTranslation('amendments')
  const { t: words } = useTranslation('contracts')
  // The contract as it was when the form was opened: its values must not go with a newer version.
  const [editing, setEditing] = useState<ContractDetail | null>(null)
  const open = openOf(contract)
  if (editing) return <AmendmentForm contract={editing} open={openOf(editing)} onDone={(next) => { setEditing(null); onDone(t('staff.saved'), next) }} onCancel={() => setEditing(null)} />
  const common = { contract, onDone }
  if (!open) return contract.may_change ? <div><Button kind="secondary" icon="edit" onClick={() => setEditing(contract)}>{t('staff.begin')}</Button></div> : null
  return (
    <div className="kp-stack">
      {open.state === 'drafted' && (
        <>
          <StepButton {...common} step="send" text={t('staff.sendText')} label={t('staff.send')} done={t('staff.sent')} />
          <div><Button kind="secondary" icon="edit" onClick={() => setEditing(contract)}>{t('staff.edit')}</Button></div>
        </>
      )}
      {open.state === 'sent' && <Paper {...common} missing={open.missing} onPaper={open.on_paper} />}
      {open.state === 'sent' && open.signatures.length === 0 && <StepButton {...common} step="recall" kind="secondary" text={t('staff.recallText')} label={words('staff.recall')} done={t('staff.recalled')} />}
      {open.state === 'signed_by_guardians' && <StepButton {...common} step="countersign" text={t('staff.countersignText')} label={words('staff.countersign')} done={t('staff.countersigned')} />}
      <StepButton {...common} step="amendment/withdraw" kind="secondary" text={t('staff.withdrawText')} label={t('staff.withdraw')} done={t('staff.withdrawn')} />
    </div>
  )
}

function Steps({ contract, onDone }: { contract: ContractDetail; onDone: Done }): JSX.Element {
  const { t } = useTranslation('contracts')
  const [editing, setEditing] = useState<ContractDetail | null>(null)
  if (editing) return <TermsForm contract={editing} onDone={(next) => { setEditing(null); onDone(t('staff.saved'), next) }} onCancel={() => setEditing(null)} />
  const common = { contract, onDone }
  return (
    <div className="kp-stack">
      {contract.state === 'drafted' && (
        <>
          <StepButton {...common} step="send" text={t('staff.sendText')} label={t('staff.send')} done={t('staff.sent')} />
          <div><Button kind="secondary" icon="edit" onClick={() => setEditing(contract)}>{t('staff.terms')}</Button></div>
        </>
      )}
      {contract.state === 'sent' && <Paper {...common} missing={contract.missing} onPaper={contract.on_paper} />}
      {contract.state === 'sent' && contract.signatures.length === 0 && <StepButton {...common} step="recall" kind="secondary" text={t('staff.recallText')} label={t('staff.recall')} done={t('staff.recalled')} />}
      {contract.state === 'signed_by_guardians' && <StepButton {...common} step="countersign" text={t('staff.countersignText')} label={t('staff.countersign')} done={t('staff.countersigned')} />}
      <ChangeSteps {...common} />
      {!contract.has_account && (contract.earliest_last_day || contract.only_by_agreement) && <PaperNotice {...common} />}
      {(contract.earliest_last_day || contract.only_by_agreement) && <Terminate {...common} />}
    </div>
  )
}

/** A contract beside the list: where it stands, what can be done, what it says. */
export function ContractPanel({ id, onClose, onChanged }: { id: string; onClose: () => void; onChanged: (message: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const api = useApi()
  const client = useQueryClient()
  const words = useWords()
  const { session } = useSession()
  const path = `/contracts/${encodeURIComponent(id)}`
  const query = useGet<ContractDetail>(path)
  const contract = query.data
  if (query.error) return <Panel title={t('loading')} onClose={onClose}><ErrorState problem={query.error} onRetry={() => void query.refetch()} /></Panel>
  if (!contract) return <Panel title={t('loading')} onClose={onClose}><Skeleton lines={5} /></Panel>
  const decides = hasRole(session, ['facility_manager', 'provider_manager', 'childminder'])
  const done: Done = (message, next) => { client.setQueryData(keyOf(api, path), next); onChanged(message) }
  const running = contract.notice_by && contract.state !== 'terminated'
  return (
    <Panel title={words.childLabel(contract.child.label)} subtitle={contract.facility_name} onClose={onClose}>
      <p className="kp-row"><Badge tone="info" icon="document">{words.contractState(contract.state)}</Badge></p>
      {running && <Alert tone="warning" title={t('stand.noticed', { date: formatDate(lastDay(contract.care_until), i18n.language) })}>{contract.notice_reason && <p className="kern-body">{t('stand.reason', { reason: contract.notice_reason })}</p>}</Alert>}
      {contract.state === 'terminated' && contract.care_until > today() && <Alert tone="info" title={t('stand.withdrawn')}>{contract.notice_reason && <p className="kern-body">{t('stand.reason', { reason: contract.notice_reason })}</p>}</Alert>}
      {contract.state === 'sent' && contract.missing.length > 0 && <p className="kern-body"><strong>{t('staff.missing', { names: contract.missing.map((name) => (contract.on_paper.some((one) => one.name === name) ? t('staff.onPaper', { name }) : name)).join(', ') })}</strong></p>}
      {contract.state === 'sent' && contract.on_paper.length > 0 && <p className="kern-body">{t('staff.onPaperText')}</p>}
      {decides && <Steps key={contract.id} contract={contract} onDone={done} />}
      <Amendments contract={contract} level={3} />
      <h3>{t('facts.title')}</h3>
      <Terms contract={contract} />
      <Measles contract={contract} decides={decides} onDone={done} />
      {contract.state !== 'drafted' && <><h3>{t('signatures.title')}</h3><Signatures contract={contract} /></>}
      <details className="kp-details"><summary>{t('staff.familySees')}</summary><ContractText text={contract.text} level={4} /></details>
      <div><DownloadLink small href={api.url(`${path}/draft.pdf`)}>{t('text.pdf')}</DownloadLink></div>
    </Panel>
  )
}
