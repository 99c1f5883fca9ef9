import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { formatDate, lastDay, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Actions, Alert, Badge, DownloadLink, ErrorState, Link, Page, Section, Skeleton } from '../../ui'
import { EndContract } from '../contracts/end'
import { Amendments } from '../contracts/amendments'
import { ContractText, Signatures, Terms } from '../contracts/parts'
import { Sign } from '../contracts/sign'

/** Where the contract stands, and whose turn it is. */
function Stand({ contract }: { contract: ContractDetail }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const day = (iso: string) => formatDate(iso, i18n.language)
  const reason = contract.notice_reason && <p className="kern-body">{t('stand.reason', { reason: contract.notice_reason })}</p>
  const over = contract.state === 'terminated' || contract.state === 'ended'
  // One that ended by notice has its last day behind it; where that lies ahead, care never began.
  if (contract.state === 'terminated' && contract.care_until > today()) return <Alert tone="info" live title={t('stand.withdrawn')}>{reason}</Alert>
  if (over) return <Alert tone="info" title={t('stand.over')}><p className="kern-body">{t('stand.overText', { date: day(lastDay(contract.care_until)) })}</p>{reason}</Alert>
  if (contract.notice_by) {
    const by = { guardians: t('stand.noticedGuardians'), facility: t('stand.noticedFacility'), transfer: t('stand.noticedTransfer') }[contract.notice_by]
    return <Alert tone="warning" live title={t('stand.noticed', { date: day(lastDay(contract.care_until)) })}><p className="kern-body">{by}</p>{reason}</Alert>
  }
  switch (contract.state) {
    case 'drafted': return <Alert tone="info" title={t('stand.drafted')}><p className="kern-body">{t('stand.draftedText')}</p></Alert>
    case 'sent': return contract.may_sign
      ? <Alert tone="warning" title={t('stand.yourTurn')} />
      : <Alert tone="info" live title={t('stand.missing', { names: contract.missing.join(', ') })}><p className="kern-body">{t('stand.missingText')}</p></Alert>
    case 'signed_by_guardians': return <Alert tone="info" live title={t('stand.provider')}><p className="kern-body">{t('stand.providerText')}</p></Alert>
    case 'signed_by_provider': return <Alert tone="success" title={t('stand.made')}><p className="kern-body">{t('stand.madeText', { date: day(contract.care_from) })}</p></Alert>
    default: return <Alert tone="success" title={t('stand.active')}><p className="kern-body">{t('stand.activeText', { date: day(lastDay(contract.care_until)) })}</p></Alert>
  }
}

function ContractView({ contract }: { contract: ContractDetail }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: demand } = useTranslation('demand')
  const { t: told } = useTranslation('offer')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const { state } = useLocation() as { state: { fresh?: boolean } | null }
  const [signed, setSigned] = useState(false)
  const toSign = contract.amendments.find((one) => one.may_sign)
  const facility = { id: 'facility', term: t('facts.facility'), value: <Link to={to(`/kita/${contract.facility_id}`)}>{contract.facility_name}</Link> }
  return (
    <Page title={t('title', { child: words.childLabel(contract.child.label) })} back={{ to: to('/familie'), label: demand('tasks.family') }}>
      {state?.fresh && <Alert tone="success" live title={told('accepted', { facility: contract.facility_name })} />}
      {signed && <Alert tone="success" live title={t('sign.done')} />}
      <p className="kp-row"><Badge tone="info" icon="document">{words.contractState(contract.state)}</Badge></p>
      <Stand contract={contract} />
      <Amendments contract={contract} level={2} />
      {toSign && <Sign contract={contract} change={toSign.number} onSigned={() => setSigned(true)} />}
      <Section title={t('facts.title')}><Terms contract={contract} more={[facility]} /></Section>
      <Section title={t('text.title')}>
        {document.documentElement.lang !== 'de' && <p className="kern-body">{t('text.hint')}</p>}
        <ContractText text={contract.text} level={3} />
      </Section>
      <Actions><DownloadLink kind="secondary" href={api.url(`/contracts/${contract.id}/draft.pdf`)}>{t('text.pdf')}</DownloadLink></Actions>
      {contract.state !== 'drafted' && <Section title={t('signatures.title')}><Signatures contract={contract} /></Section>}
      {contract.may_sign && <Sign contract={contract} onSigned={() => setSigned(true)} />}
      <EndContract contract={contract} />
      <p className="kern-body"><Link to={to(`/bedarf/${contract.demand_id}`)}>{told('toDemand')}</Link></p>
    </Page>
  )
}

export default function ContractPage(): JSX.Element {
  const { t } = useTranslation('contracts')
  const { contract: id = '' } = useParams()
  const query = useGet<ContractDetail>(`/contracts/${encodeURIComponent(id)}`)
  if (query.error?.status === 404) return <NotFound />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Page title={t('loading')}><Skeleton lines={5} /></Page>
  return <ContractView contract={query.data} />
}
