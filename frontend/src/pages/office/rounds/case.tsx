import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useGet } from '../../../api/hooks'
import type { CaseDetail, CaseWish, NotSentReason, Round, RoundCase } from '../../../api/round-types'
import type { DemandState } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { asWhy, standingOf, waitsAt, whyKey } from '../../../lib/why'
import { useWords } from '../../../lib/words'
import { Alert, Badge, Button, DownloadLink, ErrorState, Facts, Link, Skeleton, type Fact } from '../../../ui'
import { Panel, useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { Decide, Decided } from './decide'
import { DeviationForm } from './deviation-form'
import { DeviationItem } from './deviations'
import { percent } from './flow'
import { Points } from './points'
import { canDecide } from './steps'
import { CaseBadges, FlagBadge } from './words'

function Wish({ round, wish, chosen, held }: { round: Round; wish: CaseWish; chosen: boolean; held: RoundCase['held'] }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: siblings } = useTranslation('siblings')
  const to = useTo()
  const format = useFormat()
  const why = asWhy(wish)
  const waits = waitsAt(why)
  const points = (count: number | undefined) => t('points', { count: count ?? 0 })
  // Rank and points in words; the numbers of the tie-breaks (days, instants) say nothing to people.
  const order = (values: number[] | null) => {
    const standing = standingOf(values)
    if (!standing) return '–'
    return standing.rank > 0 ? t('case.rankAndPoints', { rank: standing.rank, points: points(standing.points) }) : points(standing.points)
  }
  const tied = wish.reason === 'full' && wish.cutoff !== null && order(wish.priority) === order(wish.cutoff) && !wish.lottery
  return (
    <li className="kp-case-wish">
      <p className="kp-case-wish__head">{wish.rank}. {wish.facility_name}{chosen && <Badge tone="success" icon="home">{t('case.chosen')}</Badge>}</p>
      <p className="kern-body">
        {t(`why.${whyKey(why)}`, { own: points(why.own?.points), cutoff: points(why.cutoff?.points), ownRank: why.own?.rank ?? 0, cutoffRank: why.cutoff?.rank ?? 0, reason: why.provider_reason ? t(`deviation.reason.${why.provider_reason}`) : '' })}
        {waits !== null && ` ${t('why.waits', { rank: waits })}`}
        {wish.reason === 'held' && ` ${siblings(held?.last ? 'held.finalHere' : 'held.openHere')}`}
      </p>
      {!wish.excluded && <p className="kp-small kp-muted">{wish.cutoff === null ? t('case.orderOwn', { own: order(wish.priority) }) : t('case.order', { own: order(wish.priority), cutoff: order(wish.cutoff) })}{tied && ` ${t('case.tied')}`}{wish.position !== null && ` ${t('case.position', { position: wish.position, of: wish.of ?? wish.position })}`}{wish.chance_per_mille !== null && ` ${t('case.chance', { percent: percent(wish.chance_per_mille, 1000) })}`}</p>}
      {wish.ways.length > 0 && <p className="kp-small kp-muted">{t('case.ways', { list: wish.ways.map((way) => [t('case.way', { date: format.date(way.care_from) }), ...(way.hours_per_week === null ? [] : [t('case.hours', { count: way.hours_per_week })])].join(', ')).join('; ') })}</p>}
      <details className="kp-details">
        <summary>{t('case.breakdown', { points: points(wish.points) })}</summary>
        <Points lines={wish.breakdown} points={wish.points} />
        <p className="kp-small"><Link to={to(`/amt/vergabe/${round.id}/faelle?facility_id=${wish.facility_id}`)}>{t('case.sameFacility')}</Link></p>
      </details>
    </li>
  )
}

function useFacts(detail: CaseDetail | undefined, onOpen: (id: string) => void): Fact[] {
  const { t } = useTranslation('rounds')
  const { t: siblings } = useTranslation('siblings')
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  if (!detail) return []
  const row = detail.case
  const placing = detail.sibling_placing
  return [
    { id: 'born', term: t('case.born'), value: `${format.date(row.child.birth_date)} (${words.ageBand(row.age_band)})` },
    { id: 'from', term: t('case.from'), value: `${format.date(row.care_from)}${row.hours_per_week === null ? '' : `, ${t('case.hours', { count: row.hours_per_week })}`}` },
    { id: 'claim', term: t('case.claim'), value: row.legal_claim ? t('yes') : t('no') },
    { id: 'demand', term: t('case.demand'), value: <Link to={to(`/amt/bedarfe/${row.demand_id}`)}>{row.reference_code ?? t('case.demandOpen')}</Link> },
    ...(detail.siblings.length > 0 ? [{ id: 'siblings', term: t('case.siblings'), value: <>{detail.siblings.map((id, index) => <button key={id} type="button" className="kp-linkish" onClick={() => onOpen(id)}>{t('case.sibling', { number: index + 1 })}</button>)}</> }] : []),
    ...(placing ? [{ id: 'placing', term: siblings('round.case'), value: `${siblings(placing.said_at ? 'round.own' : 'round.set', { rule: siblings(`answer.${placing.rule}`), date: format.date((placing.said_at ?? '').slice(0, 10)) })}${placing.joint ? '' : `\n${siblings('round.noJoint')}`}` }] : []),
    { id: 'lottery', term: t('case.lottery'), value: detail.lottery_number ? <code className="kp-hash">{detail.lottery_number}</code> : t('record.notYet') },
    { id: 'pseudonym', term: t('case.pseudonym'), value: <code className="kp-hash">{detail.pseudonym}</code> },
    ...(row.outcome_reason ? [{ id: 'reason', term: t('case.outcomeReason'), value: row.outcome === 'left' ? words.demandState(row.outcome_reason as DemandState) : t(`notSent.${row.outcome_reason as NotSentReason}`) }] : []),
  ]
}

type Props = { round: Round; id: string; onClose: () => void; onOpen: (id: string) => void; onChanged: (message: string) => void }
/** One child beside the list: facts, each wish with its reason and points, and what persons decided. */
export function CasePanel({ round, id, onClose, onOpen, onChanged }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const words = useWords()
  const api = useApi()
  const mayWrite = useMayWrite()
  const [deciding, setDeciding] = useState(false)
  const query = useGet<CaseDetail>(`/rounds/${round.id}/cases/${id}`)
  const detail = query.data
  const facts = useFacts(detail, onOpen)
  if (!detail) {
    return (
      <Panel title={t('case.title')} onClose={onClose}>
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={4} />}
      </Panel>
    )
  }
  const row = detail.case
  const placed = detail.wishes.find((wish) => wish.preference_id === row.preference_id)
  const name = (preference: string) => detail.wishes.find((wish) => wish.preference_id === preference)?.facility_name ?? ''
  const decided = row.outcome !== 'none' && row.outcome !== 'waiting'
  const decidable = detail.wishes.some((wish) => !wish.excluded)
  const stands = detail.deviations.some((one) => one.state !== 'withdrawn')
  return (
    <Panel title={words.childLabel(row.child.label)} subtitle={row.reference_code ?? undefined} onClose={onClose}>
      {decided && <div className="kp-actions"><DownloadLink small href={api.url(`/rounds/${round.id}/cases/${id}/letter.pdf`)}>{t('case.letter')}</DownloadLink></div>}
      <div className="kp-badges">{row.flags.map((flag) => <FlagBadge key={flag} flag={flag} />)}{row.outcome !== 'none' && <CaseBadges row={row} />}</div>
      {round.run && (placed
        ? <Alert tone="success" title={t('case.proposed', { facility: placed.facility_name })}><p className="kern-body">{t('case.proposedWish', { wish: placed.rank, wishes: row.wishes })}</p></Alert>
        : <Alert tone="warning" title={t('case.noPlace')} />)}
      {row.flags.map((flag) => <p className="kern-body" key={flag}>{t(`flag.${flag}.text`)}</p>)}
      {detail.deviations.length > 0 && <ul className="kp-decided">{detail.deviations.map((one) => <li key={one.id}><DeviationItem round={round} deviation={one} facility={name(one.preference_id)} onChanged={onChanged} /></li>)}</ul>}
      <Decided round={round} row={row} mayTakeBack={mayWrite && canDecide(round.state)} onDone={onChanged} />
      {mayWrite && canDecide(round.state) && round.conflicts_opened_by_me && row.to_decide && !row.decision && <Decide round={round} cases={[row]} onDone={onChanged} />}
      {mayWrite && canDecide(round.state) && !decidable && <p className="kern-body">{t('deviation.nothing')}</p>}
      {mayWrite && canDecide(round.state) && decidable && !deciding && <div><Button small kind="secondary" onClick={() => setDeciding(true)}>{stands ? t('deviation.another') : t('deviation.start')}</Button></div>}
      {deciding && <DeviationForm round={round} detail={detail} onCancel={() => setDeciding(false)} onDone={() => { setDeciding(false); onChanged(t('done.propose')) }} />}
      <section className="kp-stack kp-stack--small"><h3>{t('case.wishes')}</h3><ol className="kp-wishes-of-case">{detail.wishes.map((wish) => <Wish key={wish.preference_id} round={round} wish={wish} chosen={wish.preference_id === row.preference_id} held={row.held} />)}</ol></section>
      <section className="kp-stack kp-stack--small"><h3>{t('case.facts')}</h3><Facts items={facts} /></section>
    </Panel>
  )
}
