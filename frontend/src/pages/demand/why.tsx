import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { ExplainedWish, Explanation, LotteryNumber, ScoreLine } from '../../api/round-types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { waitsAt, whyKey } from '../../lib/why'
import { useCriterionTitle } from '../criteria/words'
import { Actions, Alert, DownloadLink, ErrorState, Facts, Link, Section, Skeleton } from '../../ui'

/** The own points with what they rest on; never anything about another child. */
function Breakdown({ lines, points }: { lines: ScoreLine[]; points: number }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const title = useCriterionTitle()
  const state = (line: ScoreLine) => {
    if (line.not_counted) return i18n.exists(`why:notCounted.${line.not_counted}`) ? t(`notCounted.${line.not_counted as 'rejected'}`) : line.not_counted
    const word = line.evidence ?? 'none'
    return i18n.exists(`why:state.${word}`) ? t(`state.${word as 'seen'}`) : word
  }
  if (lines.length === 0) return <p className="kern-body">{t('noPoints')}</p>
  return (
    <table className="kp-mypoints">
      <thead><tr><th scope="col">{t('criterion')}</th><th scope="col">{t('evidence')}</th><th scope="col">{t('pointsHead')}</th></tr></thead>
      <tbody>{lines.map((line) => <tr key={line.code}><th scope="row">{title(line.code)}</th><td>{state(line)}</td><td>{line.points}</td></tr>)}</tbody>
      <tfoot><tr><th scope="row" colSpan={2}>{t('sum')}</th><td>{points}</td></tr></tfoot>
    </table>
  )
}

function Wish({ wish, decided }: { wish: ExplainedWish; decided: boolean }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const points = (count: number | undefined) => t('points', { count: count ?? 0 })
  const waits = waitsAt(wish)
  const corridor = wish.corridor
  return (
    <li className="kp-why__wish">
      <h3 className="kern-title">{t('wish', { rank: wish.wish })}: {wish.facility_name}</h3>
      {decided
        ? <p className="kern-body">{t(`reason.${whyKey(wish)}`, { own: points(wish.own?.points), cutoff: points(wish.cutoff?.points), reason: wish.provider_reason ? t(`providerReason.${wish.provider_reason}`) : '' })}{waits !== null && <> <strong>{t('waits', { rank: waits })}</strong></>}</p>
        : <p className="kern-body">{corridor ? t('corridor', { points: points(wish.points), from: corridor.from, to: corridor.to, of: corridor.of }) : t('noCorridor', { points: points(wish.points) })}</p>}
      {wish.way && <p className="kern-body">{t('way', { date: formatDate(wish.way.care_from, i18n.language) })}{wish.way.hours_per_week !== null && <> {t('wayHours', { count: wish.way.hours_per_week })}</>}</p>}
      {wish.breakdown && (
        <details className="kp-details">
          <summary>{t('breakdown', { points: points(wish.points) })}</summary>
          <Breakdown lines={wish.breakdown} points={wish.points} />
        </details>
      )}
    </li>
  )
}

/** A better place than the one that the child has: offered, taken, or let be. */
function Improvement({ explanation }: { explanation: Explanation }): JSX.Element | null {
  const { t } = useTranslation('improve')
  const found = explanation.improvement
  if (!found) return null
  const gaps = { from: found.from_facility_name, to: found.facility_name }
  const kind = found.state === 'offered' || found.state === 'accepted' ? found.state : found.state === 'revoked' ? 'gone' : 'kept'
  return <Alert tone={kind === 'accepted' ? 'success' : 'info'} title={t(`why.${kind}`, gaps)}><p className="kern-body">{t(`why.${kind}Text`, gaps)}</p></Alert>
}

/** How the round placed the children of the family, and whose word that was. */
function Placed({ explanation }: { explanation: Explanation }): JSX.Element | null {
  const { t, i18n } = useTranslation('siblings')
  const found = explanation.siblings
  if (!found) return null
  const gaps = { rule: t(`answer.${found.rule}`), date: formatDate(found.said_at, i18n.language) }
  return <p className="kern-body"><strong>{t('round.title')}:</strong> {t(found.said_at ? 'round.own' : 'round.set', gaps)}{!found.joint && <> {t('round.noJoint')}</>}{found.result && <> {t(`round.result.${found.result}`)}</>}</p>
}

/** What is still open for this family, and what they can do themselves. */
function Changes({ explanation }: { explanation: Explanation }): JSX.Element {
  const { t } = useTranslation('why')
  const { t: improve } = useTranslation('improve')
  const outcome = explanation.round?.outcome
  const missing = explanation.wishes.some((wish) => wish.breakdown?.some((line) => line.evidence === 'claimed' && !line.not_counted))
  const waits = explanation.wishes.some((wish) => waitsAt(wish) !== null)
  const lines: string[] = [
    ...(outcome === 'offered' ? (explanation.may_improve ? [improve('why.mayOffer'), improve('why.may')] : [t('change.offer')]) : []),
    ...(waits && outcome === 'decided' ? [t('change.follow')] : []),
    ...(missing ? [t('change.evidence')] : []),
    ...(outcome === 'decided' ? [t('change.wishes'), t('change.claim')] : []),
    t('change.ask'),
  ]
  return (
    <>
      <h3 className="kern-heading-small">{t('changes')}</h3>
      <ul className="kp-list">{lines.map((line) => <li key={line}>{line}</li>)}</ul>
    </>
  )
}

/** The lottery number of the family, and plain steps to work it out again. */
function Lottery({ lottery }: { lottery: LotteryNumber }): JSX.Element {
  const { t, i18n } = useTranslation('why')
  const to = useTo()
  const code = (text: string) => <code className="kp-seal">{text}</code>
  // What the municipality typed in is quoted, so that a copied command does nothing but compute.
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  return (
    <details className="kp-details">
      <summary>{t('lottery.title')}</summary>
      <div className="kp-stack">
        <p className="kern-body">{t('lottery.text')} {t('lottery.place', { smaller: lottery.smaller, families: lottery.families })}</p>
        <Facts items={[
          { id: 'number', term: t('lottery.number'), value: code(lottery.number) },
          { id: 'pseudonym', term: t('lottery.pseudonym'), value: code(lottery.pseudonym) },
          { id: 'seed', term: t('lottery.seed'), value: lottery.seed },
          { id: 'source', term: t('lottery.source'), value: `${lottery.draw_source} (${formatDate(lottery.draw_on, i18n.language)})` },
          ...(lottery.commitment ? [{ id: 'commitment', term: t('lottery.commitment'), value: code(lottery.commitment) }] : []),
        ]}
        />
        <h4 className="kern-title">{t('lottery.stepsTitle')}</h4>
        <ol className="kp-list">
          <li>{t('lottery.step1', { source: lottery.draw_source, date: formatDate(lottery.draw_on, i18n.language) })}</li>
          <li>{t('lottery.step2')}<pre className="kp-seal kp-seal--command" tabIndex={0} aria-label={t('lottery.command')}><code>{`printf %s ${quoted(lottery.pseudonym)} | openssl dgst -sha256 -hmac ${quoted(lottery.seed)}`}</code></pre></li>
          <li>{t('lottery.step3')}</li>
        </ol>
        <p className="kern-body"><Link to={to('/vergaben')}>{t('lottery.public')}</Link></p>
      </div>
    </details>
  )
}

/** Why each wish was met or not; before a round, where the child stands among all who wish the same. */
export function Why({ id }: { id: string }): JSX.Element | null {
  const { t, i18n } = useTranslation('why')
  const api = useApi()
  const query = useGet<Explanation>(`/demands/${id}/explanation`)
  const explanation = query.data
  if (query.error) return <Section title={t('title')}><ErrorState problem={query.error} onRetry={() => void query.refetch()} /></Section>
  if (!explanation) return <Section title={t('title')}><Skeleton lines={4} /></Section>
  const { round, wishes, lottery } = explanation
  // Where no round is meant and too few wish the same there is nothing to say.
  if (!round && !explanation.chance && !wishes.some((wish) => wish.corridor)) return null
  return (
    <Section title={t(round ? 'title' : 'titleBefore')} id="warum">
      {round
        ? (
          <>
            <Alert tone={round.outcome === 'offered' ? 'success' : 'info'} title={t(`outcome.${round.outcome}`)}>{round.deviation && <p className="kern-body">{t('deviation')}</p>}</Alert>
            <p className="kern-body">{t('lead', { round: round.name, date: formatDate(round.key_date, i18n.language) })}</p>
          </>
        )
        : <p className="kern-body">{t('before')}</p>}
      <Improvement explanation={explanation} />
      <Placed explanation={explanation} />
      {explanation.chance && <Alert tone="info" title={t(`chance.${explanation.chance}`)}><p className="kern-body">{t('chance.text')}</p></Alert>}
      <ol className="kp-why">{[...wishes].sort((a, b) => a.wish - b.wish).map((wish) => <Wish key={wish.preference_id} wish={wish} decided={round !== null} />)}</ol>
      {!round && <p className="kp-small kp-muted">{t('corridorNote')}</p>}
      {round && <Changes explanation={explanation} />}
      {round && round.outcome !== 'waiting' && <Actions><DownloadLink href={api.url(`/demands/${id}/explanation.pdf`)}>{t('letter')}</DownloadLink></Actions>}
      {lottery && <Lottery lottery={lottery} />}
    </Section>
  )
}
