import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScoreLine } from '../../../api/round-types'
import { useCriterionTitle } from '../../criteria/words'
import './rounds.css'

/** How the points came about, line by line. */
export function Points({ lines, points }: { lines: ScoreLine[]; points: number }): JSX.Element {
  const { t, i18n } = useTranslation('rounds')
  const title = useCriterionTitle()
  const evidence = (line: ScoreLine) => {
    if (line.not_counted) return i18n.exists(`rounds:notCounted.${line.not_counted}`) ? t(`notCounted.${line.not_counted as 'rejected'}`) : line.not_counted
    return line.evidence === null ? t('evidence.none') : i18n.exists(`rounds:evidence.${line.evidence}`) ? t(`evidence.${line.evidence as 'seen'}`) : line.evidence
  }
  if (lines.length === 0) return <p className="kp-small">{t('case.noPoints')}</p>
  return (
    <table className="kp-points">
      <thead><tr><th scope="col">{t('case.criterion')}</th><th scope="col">{t('case.evidence')}</th><th scope="col">{t('case.points')}</th></tr></thead>
      <tbody>{lines.map((line) => <tr key={line.code}><th scope="row">{title(line.code)}</th><td>{evidence(line)}</td><td>{line.points}</td></tr>)}</tbody>
      <tfoot><tr><th scope="row" colSpan={2}>{t('case.sum')}</th><td>{points}</td></tr></tfoot>
    </table>
  )
}
