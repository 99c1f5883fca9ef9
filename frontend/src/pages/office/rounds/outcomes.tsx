import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../../api/hooks'
import type { Round, RoundCase } from '../../../api/round-types'
import type { Items } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { useFormat } from '../../../staff'
import { ErrorState, Link, Skeleton } from '../../../ui'
import { CaseBadges, FacilityName, useFacilityNames } from './words'

const MOST = 20
const COUNTS = ['open', 'accepted', 'kept', 'not_sent'] as const
const ANSWERS = ['accepted', 'declined', 'open', 'expired', 'revoked'] as const

function Figure({ to, value, label }: { to: string; value: string; label: string }): JSX.Element {
  return <li><Link className="kp-figure" to={to}><span className="kp-figure__value">{value}</span><span className="kp-figure__label">{label}</span></Link></li>
}

/** What became of the children of a released round. */
export function Outcomes({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const format = useFormat()
  return (
    <ul className="kp-figures">
      {(['offered', 'decided', 'not_sent', 'left', 'waiting'] as const).map((outcome) => (
        <Figure key={outcome} to={to(`/amt/vergabe/${round.id}/faelle?outcome=${outcome}`)} value={format.number(round.outcomes[outcome])} label={t(`outcome.${outcome}`)} />
      ))}
    </ul>
  )
}

/** What families said to their offers, and to whom the places went that came back. */
export function Answers({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const format = useFormat()
  const { answers } = round
  const cases = (query: string) => to(`/amt/vergabe/${round.id}/faelle?${query}`)
  // That an offer lapsed or was taken back is seldom, and told when there is one.
  const shown = ANSWERS.filter((answer) => answers[answer] > 0 || !['expired', 'revoked'].includes(answer))
  const moved = answers.declined + answers.expired + answers.revoked + answers.moved_up > 0
  return (
    <div className="kp-stack">
      <p className="kern-body">{t('answersText')}</p>
      <ul className="kp-figures">
        {shown.map((answer) => <Figure key={answer} to={cases(`answer=${answer}`)} value={format.number(answers[answer])} label={t(`answer.${answer}`)} />)}
        <Figure to={cases('moved=true')} value={format.number(answers.moved_up)} label={t('moved.up')} />
      </ul>
      {round.config.after_release === 'keep_or_improve' && <Improvements round={round} />}
      <h3 className="kern-heading-small">{t('moved.title')}</h3>
      <p className="kern-body">{moved ? t('moved.text') : t('moved.none')}</p>
      {moved && <Moved round={round} all={cases('moved=true')} />}
    </div>
  )
}

/** Better wishes of children who have a place, apart from first places: who was asked, and who changed from where to where. */
function Improvements({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('improve')
  const { t: rounds } = useTranslation('rounds')
  const to = useTo()
  const format = useFormat()
  const words = useWords()
  const names = useFacilityNames()
  const counts = round.improvements
  const any = COUNTS.some((name) => counts[name] > 0)
  const query = useGet<Items<RoundCase>>(`/rounds/${round.id}/cases`, { improved: true, limit: MOST }, { enabled: any })
  const name = (id: string | null) => (id ? names(id) || id : '–')
  return (
    <>
      <h3 className="kern-heading-small">{t('title')}</h3>
      <p className="kern-body">{any ? t('text') : t('none')}</p>
      {any && <ul className="kp-figures">{COUNTS.filter((count) => count !== 'not_sent' || counts[count] > 0).map((count) => <Figure key={count} to={to(`/amt/vergabe/${round.id}/faelle?improved=true`)} value={format.number(counts[count])} label={t(`count.${count}`)} />)}</ul>}
      {any && query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('title')}>
          <table className="kp-dense kp-dense--plain">
            <caption className="kern-sr-only">{t('title')}</caption>
            <thead><tr><th scope="col">{rounds('case.child')}</th><th scope="col">{t('fromTo')}</th><th scope="col">{rounds('case.outcome')}</th></tr></thead>
            <tbody>
              {query.data.items.map((row) => row.improvement && (
                <tr key={row.id}>
                  <th scope="row"><Link to={to(`/amt/vergabe/${round.id}/faelle?improved=true&fall=${row.id}`)}>{words.childLabel(row.child.label)}</Link></th>
                  <td data-label={t('fromTo')}>{t('way', { from: name(row.improvement.from_facility_id), to: name(row.improvement.facility_id) })}</td>
                  <td data-label={rounds('case.outcome')}>{t(`state.${row.improvement.state}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

/** Places that came back, facility by facility: who gave one back, and who followed. */
function Moved({ round, all }: { round: Round; all: string }): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const words = useWords()
  const names = useFacilityNames()
  const query = useGet<Items<RoundCase>>(`/rounds/${round.id}/cases`, { moved: true, limit: MOST + 1 })
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={3} />
  const place = (row: RoundCase) => names(row.facility_id) || (row.facility_id ?? '')
  const rows = query.data.items.slice(0, MOST)
    .sort((a, b) => place(a).localeCompare(place(b), 'de') || Number(a.moved_up) - Number(b.moved_up))
  return (
    <>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('moved.title')}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('moved.title')}</caption>
          <thead><tr><th scope="col">{t('case.child')}</th><th scope="col">{t('map.facility')}</th><th scope="col">{t('case.outcome')}</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row"><Link to={to(`/amt/vergabe/${round.id}/faelle?moved=true&fall=${row.id}`)}>{words.childLabel(row.child.label)}</Link></th>
                <td data-label={t('map.facility')}>{row.facility_id ? <FacilityName id={row.facility_id} names={names} /> : '–'}</td>
                <td data-label={t('case.outcome')}><CaseBadges row={row} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {query.data.items.length > MOST && <p className="kp-small"><Link to={all}>{t('moved.all')}</Link></p>}
    </>
  )
}
