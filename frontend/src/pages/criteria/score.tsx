import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Score, ScoreLine } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { useCriteriaWords } from './words'
import './criteria.css'

function State({ line }: { line: ScoreLine }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const words = [
    t(`score.outcome.${line.outcome}`),
    line.outcome === 'counted' && line.evidence_state ? t(`score.evidence.${line.evidence_state}`) : '',
    line.outcome === 'counted' && line.evidence_due ? t('score.due', { date: formatDate(line.evidence_due, i18n.language) }) : '',
    line.number === null ? '' : t('score.number', { number: line.number }),
  ].filter(Boolean)
  return <>{words.join('; ')}</>
}

/** A line for every criterion: what it gives, or why it does not count. */
export function ScoreTable({ lines, points, rank }: { lines: ScoreLine[]; points: number; rank: number }): JSX.Element {
  const { t } = useTranslation('criteria')
  return (
    <table className="kp-score">
      <thead><tr><th scope="col">{t('score.criterion')}</th><th scope="col">{t('score.state')}</th><th scope="col">{t('score.points')}</th></tr></thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.code} className={line.outcome === 'counted' ? undefined : 'is-out'}>
            <th scope="row">{line.title}</th>
            <td><State line={line} /></td>
            <td>{line.outcome !== 'counted' ? '–' : line.rank > 0 && line.points === 0 ? t('score.rank', { rank: line.rank }) : line.points}</td>
          </tr>
        ))}
      </tbody>
      <tfoot><tr><th scope="row" colSpan={2}>{rank > 0 ? `${t('score.sum')} (${t('score.rankFirst', { rank })})` : t('score.sum')}</th><td>{points}</td></tr></tfoot>
    </table>
  )
}

/** How the points of one preference come about; the same for parents, facilities and the office. */
export function ScoreDetail({ score }: { score: Score | null }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const words = useCriteriaWords()
  if (!score) return <p className="kern-body">{t('score.none')}</p>
  return (
    <div className="kp-stack kp-stack--small">
      <ScoreTable lines={score.lines} points={score.points} rank={score.rank} />
      <p className="kp-small kp-muted">
        {t('score.set', {
          name: score.set_name, number: score.set_number, date: formatDate(score.counts_on, i18n.language),
          owner: score.provider_name ? t('score.owner', { owner: score.provider_name }) : '',
        })}{' '}
        {t('score.ties', { ties: words.ties(score.tie_breaks) })}
      </p>
    </div>
  )
}
