import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Demand } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { isOpen } from '../family/sentence'

export type Way = { facility: string; id: string; gives: boolean }

/** Whether the family would give way: start later, or take fewer hours. */
export const givesWay = (demand: Pick<Demand, 'desired_start' | 'latest_start' | 'hours_per_week' | 'least_hours'>): boolean =>
  (demand.latest_start ?? '') > (demand.desired_start ?? '') || (demand.least_hours !== null && demand.least_hours < (demand.hours_per_week ?? 0))

/** The wishes in the order in which a round tries them: the family's own, or each facility as wished and then giving way, or all as wished first. */
export function rankedWays(demand: Demand): Way[] {
  const open = demand.preferences.filter((wish) => demand.state === 'draft' || isOpen(wish)).sort((a, b) => a.rank - b.rank)
  const all = open.flatMap((wish) => [false, true].map((gives) => ({ facility: wish.facility_name, id: wish.facility_id, gives })))
  if (!demand.ways) return demand.times_first ? [...all.filter((way) => !way.gives), ...all.filter((way) => way.gives)] : all
  const seen = new Set<string>()
  const own = demand.ways.flatMap((id) => {
    const gives = seen.has(id)
    seen.add(id)
    return all.filter((way) => way.id === id && way.gives === gives)
  })
  return [...own, ...all.filter((way) => !own.includes(way))]
}

/** The list with one way moved; the same list where that cannot be: as wished they stand in the order of the wishes, and giving way comes after it. */
export function movedWay(ways: Way[], from: number, to: number): Way[] {
  const way = ways[from]
  if (!way?.gives || to < 0 || to >= ways.length || to <= ways.findIndex((other) => other.id === way.id)) return ways
  const rest = ways.filter((other) => other !== way)
  return [...rest.slice(0, to), way, ...rest.slice(to)]
}

/** How a way reads. */
export function useWayText(demand: Demand): (way: Way) => string {
  const { t, i18n } = useTranslation('ways')
  const later = (demand.latest_start ?? '') > (demand.desired_start ?? '') ? t('later', { date: formatDate(demand.latest_start, i18n.language) }) : null
  const fewer = demand.least_hours !== null && demand.least_hours < (demand.hours_per_week ?? 0) ? t('fewer', { count: demand.least_hours }) : null
  const how = [later, fewer].filter(Boolean).join(t('or'))
  return (way) => way.gives ? t('gives', { facility: way.facility, how }) : t('wished', { facility: way.facility, date: formatDate(demand.desired_start, i18n.language), count: demand.hours_per_week ?? 0 })
}

/** The one list that a family's answers become, so that nobody is surprised by a place in November. */
export function RankedWays({ demand }: { demand: Demand }): JSX.Element | null {
  const { t } = useTranslation('ways')
  const text = useWayText(demand)
  const ways = rankedWays(demand)
  if (!givesWay(demand) || ways.length === 0) return null
  return (
    <details className="kp-details">
      <summary>{t('title')}</summary>
      <ol className="kp-list">
        {ways.map((way) => <li key={`${way.id}-${way.gives}`}>{text(way)}</li>)}
      </ol>
      <p className="kp-small kp-muted">{t('note')}</p>
    </details>
  )
}
