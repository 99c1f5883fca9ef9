import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useGet, useRefresh, useSend } from '../../api/hooks'
import type { Criterion, Demand, HistoryItem, Items, Offer, Preference } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { formatDate, formatDateTime, today } from '../../lib/dates'
import { useHistoryWords } from '../../lib/history'
import { awaitsAnswer, PREFERENCE_LOOK, useWords } from '../../lib/words'
import { Actions, Alert, Badge, Button, ButtonLink, Dialog, DownloadLink, ErrorState, Facts, Link, Page, ProblemView, Section, Skeleton, VisuallyHidden, type Fact } from '../../ui'
import { ScoreDetail } from '../criteria/score'
import { isOpenOffer, OfferCard } from '../family/offer-card'
import { isOpen, isRunning, useSentence } from '../family/sentence'
import { Timeline } from '../family/timeline'
import { PlaceStays } from '../family/place-stays'
import { SaveConflict, useAnswerText, useDemand } from './frame'
import { OwnNotices } from './notices'
import { OwnVisits } from './visits'
import { OwnResidence } from '../residence/family'
import { Siblings } from './siblings'
import { Why } from './why'
import { givesWay, RankedWays } from './ways'

function PreferenceRow({ preference, ranked }: { preference: Preference; ranked: boolean }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: criteria } = useTranslation('criteria')
  const words = useWords()
  const to = useTo()
  const due = awaitsAnswer(preference.state) && preference.answer_due_on ? t(preference.answer_due_on < today() ? 'status.answerLate' : 'status.answerBy', { date: formatDate(preference.answer_due_on, i18n.language) }) : null
  return (
    <li className="kp-preference">
      {ranked && <span className="kp-task__number">{preference.rank}</span>}
      <div className="kp-preference__text">
        <Link className="kp-task__title-plain" to={to(`/kita/${preference.facility_id}`)}>{preference.facility_name}</Link>
        <p className="kp-small kp-muted">
          {t('status.since', { date: formatDate(preference.state_since, i18n.language) })}{due && ` · ${due}`}
        </p>
        {preference.refuse_reason && <p className="kp-small">{t('status.reason', { reason: words.refuseReason(preference.refuse_reason) })}{preference.refuse_note && ` – ${preference.refuse_note}`}</p>}
        {preference.state === 'paused' && <p className="kp-small">{t('status.pausedText')}</p>}
        {preference.score && (
          <details className="kp-own">
            <summary>{preference.score.rank > 0 ? criteria('score.ownRank', { rank: preference.score.rank, points: preference.score.points }) : criteria('score.own', { points: preference.score.points })}</summary>
            <ScoreDetail score={preference.score} />
            <p className="kp-small"><Link to={to('/vergabe')}>{criteria('parents.title')}</Link></p>
          </details>
        )}
      </div>
      <Badge {...PREFERENCE_LOOK[preference.state]}>{words.preferenceState(preference.state)}</Badge>
    </li>
  )
}

function Preferences({ demand, base }: { demand: Demand; base: string }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const tenant = useTenant()
  const open = demand.preferences.filter(isOpen).sort((a, b) => a.rank - b.rank)
  const ended = demand.preferences.filter((preference) => !isOpen(preference))
  return (
    <Section title={t('status.preferences')}>
      {open.length > 0 && <ol className="kp-tasks">{open.map((preference) => <PreferenceRow key={preference.id} preference={preference} ranked={tenant.ranking} />)}</ol>}
      {open.length === 0 && isRunning(demand) && <p className="kern-body">{t('status.noOpen')}</p>}
      {ended.length > 0 && (
        <>
          {open.length > 0 && <h3 className="kern-heading-small">{t('status.ended')}</h3>}
          <ul className="kp-tasks">{ended.map((preference) => <PreferenceRow key={preference.id} preference={preference} ranked={false} />)}</ul>
        </>
      )}
      <RankedWays demand={demand} />
      {demand.editable && (
        <>
          {demand.editable_until && <p className="kern-body">{t('status.editUntil', { date: formatDate(demand.editable_until, i18n.language) })}</p>}
          <Actions><ButtonLink kind="secondary" icon="edit" to={`${base}/wuensche`}>{t('status.editWishes')}</ButtonLink></Actions>
        </>
      )}
    </Section>
  )
}

/** The legal clock: from when it runs and by when the municipality must name a place. */
function LegalClock({ demand }: { demand: Demand }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  if (!demand.legal_claim_asserted_at) return <p className="kern-body">{t('status.noClaim')}</p>
  return (
    <div className="kp-panel kp-stack kp-stack--small">
      <p className="kern-body">{t('status.claimSince', { time: formatDateTime(demand.legal_claim_asserted_at, i18n.language) })}</p>
      {demand.legal_due_on && <p className="kern-body"><strong>{t('status.claimDue', { date: formatDate(demand.legal_due_on, i18n.language) })}</strong></p>}
    </div>
  )
}

function Answers({ demand, base }: { demand: Demand; base: string }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: common } = useTranslation()
  const text = useAnswerText()
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  const change = (path: string, label: string) => (demand.editable ? <Link to={`${base}/${path}`}>{common('action.change')}<VisuallyHidden>: {label}</VisuallyHidden></Link> : undefined)
  const facts = demand.facts.filter((fact) => fact.claimed).map((fact) => {
    const title = criteria.data?.items.find((criterion) => criterion.id === fact.criterion_id)?.title
    return title && `${title}${fact.number === null ? '' : ` – ${fact.number}`}${fact.evidence_state && fact.evidence_state !== 'claimed' ? ` (${t(`status.evidence.${fact.evidence_state}`)})` : ''}`
  }).filter(Boolean)
  const rows: Fact[] = [
    { id: 'care_type', term: t('field.care_type'), value: text('care_type', demand) },
    { id: 'desired_start', term: t('field.desired_start'), value: text('desired_start', demand), ...(demand.start_editable ? { action: <Link to={`${base}/beginn`}>{common('action.change')}<VisuallyHidden>: {t('field.desired_start')}</VisuallyHidden></Link> } : {}) },
    { id: 'latest_start', term: t('field.latest_start'), value: text('latest_start', demand) || t('check.noLatest'), action: change('betreuung/beginn', t('field.latest_start')) },
    { id: 'hours', term: t('field.hours_per_week'), value: `${text('hours_per_week', demand)}${demand.window_from && demand.window_to ? `\n${t('check.windowValue', { from: demand.window_from, to: demand.window_to })}` : ''}`, action: change('betreuung/zeiten', t('field.hours_per_week')) },
    { id: 'least_hours', term: t('field.least_hours'), value: text('least_hours', demand) || t('check.noLatest'), action: change('betreuung/zeiten', t('field.least_hours')) },
    ...(givesWay(demand) ? [{ id: 'times_first', term: t('field.times_first'), value: text('times_first', demand), action: change('betreuung/zeiten', t('field.times_first')) }] : []),
    { id: 'facts', term: t('situation.title'), value: facts.join('\n') || t('check.noFacts'), action: change('situation', t('situation.title')) },
  ]
  return <Facts items={rows} />
}

/** What happened in the same moment, in the order in which one led to the other. */
function inOrder(items: readonly HistoryItem[]): HistoryItem[] {
  const sorted = [...items]
  for (let at = 1; at < sorted.length; at++) {
    const [before, after] = [sorted[at - 1], sorted[at]]
    if (before && after && before.at === after.at && before.preference_id === after.preference_id && before.from && before.from === after.to) [sorted[at - 1], sorted[at]] = [after, before]
  }
  return sorted
}

function History({ id }: { id: string }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { i18n: common } = useTranslation()
  const history = useHistoryWords()
  const query = useGet<Items<HistoryItem>>(`/demands/${id}/history`)
  const word = (value: string | null) => {
    for (const group of ['preferenceState', 'demandState', 'offerState']) if (value && common.exists(`${group}.${value}`)) return String(common.t(`${group}.${value}` as never))
    return value ?? ''
  }
  // What leaves the state as it was has words of its own.
  const happened = (item: HistoryItem) => {
    if (item.told_on && item.told_by && item.reason) return history.told(item.reason, formatDate(item.told_on, i18n.language), item.told_by)
    return history.kind(item.kind) ?? (word(item.to) || item.kind)
  }
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={3} />
  if (query.data.items.length === 0) return <p className="kern-body">{t('status.noHistory')}</p>
  return (
    <ol className="kp-history">
      {inOrder(query.data.items).map((item, index) => (
        <li key={`${item.at}-${index}`}>
          <time className="kp-small kp-muted" dateTime={item.at}>{formatDateTime(item.at, i18n.language)}</time>
          <p className="kern-body">{item.facility_name ?? t('status.wholeDemand')}: {happened(item)}{item.reason && !item.told_on && ` (${item.kind === 'siblings_answered' ? history.ground(item.kind, item.reason) : word(item.reason)})`}</p>
        </li>
      ))}
    </ol>
  )
}

function Withdraw({ demand }: { demand: Demand }): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: common } = useTranslation()
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const [open, setOpen] = useState(false)
  const withdraw = useSend(async () => {
    const next = await api.post<Demand>(`/demands/${demand.id}/withdraw`, {}, { version: demand.version })
    client.setQueryData(keyOf(api, `/demands/${demand.id}`), next)
    setOpen(false)
    await refresh('/demands', '/family', '/offers')
  })
  return (
    <>
      <Button kind="secondary" danger onClick={() => setOpen(true)}>{t('withdraw.button')}</Button>
      <Dialog open={open} title={t('withdraw.title')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.cancel')}</Button><Button danger busy={withdraw.busy} onClick={() => void withdraw.run()}>{t('withdraw.submit')}</Button></>}>
        <p className="kern-body">{t('withdraw.text')}</p>
        <ProblemView problem={withdraw.error} />
      </Dialog>
    </>
  )
}

/** Asks whether the place is still needed, when the demand would otherwise run out soon. */
function Renew({ demand }: { demand: Demand }): JSX.Element | null {
  const { t } = useTranslation('demand')
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const renew = useSend(async () => {
    const next = await api.post<Demand>(`/demands/${demand.id}/renew`, {}, { version: demand.version })
    client.setQueryData(keyOf(api, `/demands/${demand.id}`), next)
    await refresh('/demands', `/demands/${demand.id}/history`)
  })
  const hint = demand.hints.find(({ code }) => code === 'renew')
  if (!hint) return null
  return (
    <Alert tone="warning" title={hint.detail}>
      <Actions><Button busy={renew.busy} onClick={() => void renew.run()}>{t('status.renew')}</Button></Actions>
      <ProblemView problem={renew.error} />
    </Alert>
  )
}

/** A demand after it was sent: where it stands, what can be done, what happened. */
export function StatusPage(): JSX.Element {
  const { t } = useTranslation('demand')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const { demand, base } = useDemand()
  const sentence = useSentence()
  const offers = useGet<Items<Offer>>('/offers')
  const open = (offers.data?.items ?? []).filter((offer) => offer.demand_id === demand.id && isOpenOffer(offer))
  return (
    <Page title={t('status.title', { child: words.childLabel(demand.child.label) })} back={{ to: to('/familie'), label: t('tasks.family') }}>
      <SaveConflict />
      {open.map((offer) => <OfferCard key={offer.id} offer={offer} />)}
      <p className="kern-body kern-body--large">{sentence(demand)}</p>
      <PlaceStays demand={demand} />
      <Renew demand={demand} />
      <Timeline demand={demand} />
      {demand.register_mismatch && <Alert tone="info" title={t('status.mismatch')}><p className="kern-body">{t('status.mismatchText')}</p></Alert>}
      {demand.mail_problem && <Alert tone="warning" title={t('status.mailProblem')}><Link to={to('/konto')}>{t('status.checkMail')}</Link></Alert>}
      {demand.reference_code && <p className="kern-body">{t('sent.code')} <strong className="kp-code">{demand.reference_code}</strong></p>}
      <Actions><DownloadLink href={api.url(`/demands/${demand.id}/receipt.pdf`)}>{t('sent.pdf')}</DownloadLink></Actions>
      <OwnResidence demand={demand} />
      <OwnVisits />
      <OwnNotices id={demand.id} />
      <Preferences demand={demand} base={base} />
      <Siblings demand={demand} />
      <Why id={demand.id} />
      {!(demand.transfer && !demand.legal_claim) && <Section title={t('claim.title')}><LegalClock demand={demand} /></Section>}
      <Section title={t('status.answers')}><Answers demand={demand} base={base} /></Section>
      <Section title={t('status.history')}><History id={demand.id} /></Section>
      {isRunning(demand) && <Section title={t('withdraw.heading')}><p className="kern-body">{t('withdraw.lead')}</p><Actions><Withdraw demand={demand} /></Actions></Section>}
    </Page>
  )
}
