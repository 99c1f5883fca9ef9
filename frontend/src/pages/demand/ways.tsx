import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Demand } from '../../api/types'
import { formatDate } from '../../lib/dates'

export type Way = { facility: string; id: string; gives: boolean }

/** Whether the family would give way: start later, or take fewer hours. */
export const givesWay = (demand: Pick<Demand, 'desired_start' | 'latest_start' | 'hours_per_week' | 'least_hours'>): boolean =>
  (demand.latest_start ?? '') > (demand.desired_start ?? '') || (demand.least_hours !== null && demand.least_hours < (demand.hours_per_week ?? 0))

/** The wishes in the order in which a round tries them: each facility as wished and then giving way, or all as wished first. */
export function rankedWays(demand: Demand): Way[] {
  const both = [...demand.preferences].sort((a, b) => a.rank - b.rank).flatMap((wish) => [false, true].map((gives) => ({ facility: wish.facility_name, id: wish.id, gives })))
  return demand.times_first ? [...both.filter((way) => !way.gives), ...both.filter((way) => way.gives)] : both
}

/** The one list that a family's answers become, so that nobody is surprised by a place in November. */
export function RankedWays({ demand }: { demand: Demand }): JSX.Element | null {
  const { t, i18n } = useTranslation('demand')
  if (!givesWay(demand) || demand.preferences.length === 0) return null
  const later = (demand.latest_start ?? '') > (demand.desired_start ?? '') ? t('ways.later', { date: formatDate(demand.latest_start, i18n.language) }) : null
  const fewer = demand.least_hours !== null && demand.least_hours < (demand.hours_per_week ?? 0) ? t('ways.fewer', { count: demand.least_hours }) : null
  const how = [later, fewer].filter(Boolean).join(t('ways.or'))
  return (
    <details className="kp-details">
      <summary>{t('ways.title')}</summary>
      <ol className="kp-list">
        {rankedWays(demand).map((way) => (
          <li key={`${way.id}-${way.gives}`}>{way.gives ? t('ways.gives', { facility: way.facility, how }) : t('ways.wished', { facility: way.facility, date: formatDate(demand.desired_start, i18n.language), count: demand.hours_per_week ?? 0 })}</li>
        ))}
      </ol>
      <p className="kp-small kp-muted">{t('ways.note')}</p>
    </details>
  )
}
