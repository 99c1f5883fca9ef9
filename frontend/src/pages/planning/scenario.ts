// What would be if: places more or fewer from a month on, and other births. It stands in the address and touches nothing.

import type { AreaPlan, PlanMonth } from '../../api/planning-types'
import type { AgeBand } from '../../api/types'

export type Change = { area: string; band: AgeBand; from: string; places: number }
export type Scenario = { births: number; changes: Change[] }
export const NOTHING: Scenario = { births: 100, changes: [] }
const BANDS: readonly string[] = ['under3', 'over3', 'school_age']

/** Reads the address; what is not a scenario counts as none. */
export function readScenario(text: string): Scenario {
  try {
    const raw: unknown = JSON.parse(text)
    if (typeof raw !== 'object' || raw === null) return NOTHING
    const { births, changes } = raw as Partial<Scenario>
    const sound = (Array.isArray(changes) ? changes : []).filter((one): one is Change =>
      typeof one?.area === 'string' && BANDS.includes(one.band) && /^\d{4}-\d{2}-01$/.test(one.from) && Number.isInteger(one.places))
    return { births: Number.isInteger(births) && births! >= 0 && births! <= 200 ? births! : 100, changes: sound.slice(0, 20) }
  } catch {
    return NOTHING
  }
}

export const writeScenario = (scenario: Scenario): string => (scenario.births === 100 && scenario.changes.length === 0 ? '' : JSON.stringify(scenario))

/** The planning areas as they would be. */
export function apply(areas: AreaPlan[], scenario: Scenario): AreaPlan[] {
  const known = areas.map((area) => area.area)
  const added = [...new Set(scenario.changes.map((change) => change.area))].filter((area) => !known.includes(area))
  const empty = (area: string): AreaPlan | null => {
    const like = areas[0]
    return like ? { area, latitude: null, longitude: null, facilities: 0, bands: like.bands.map((band) => ({ age_band: band.age_band, months: band.months.map((month) => ({ month: month.month, places: 0, taken: 0, free: 0, waiting: 0, children: null, needed: null })) })) } : null
  }
  return [...areas, ...added.flatMap((area) => empty(area) ?? [])].map((area) => ({
    ...area,
    bands: area.bands.map((band) => {
      const changes = scenario.changes.filter((change) => change.area === area.area && change.band === band.age_band)
      return changes.length === 0 ? band : { ...band, months: band.months.map((month) => {
        const more = changes.filter((change) => change.from <= month.month).reduce((sum, change) => sum + change.places, 0)
        return { ...month, places: Math.max(0, month.places + more), free: Math.max(0, month.free + more) }
      }) }
    }),
  }))
}

const plus = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b)

/** The months of an age band, of one area or of all together. Children are known in all only where they are known in some. */
export function monthsOf(areas: AreaPlan[], band: AgeBand, area: string | null): PlanMonth[] {
  const chosen = areas.filter((one) => area === null || one.area === area).map((one) => one.bands.find((b) => b.age_band === band)?.months ?? [])
  const [first] = chosen
  return (first ?? []).map((start, n) => chosen.slice(1).reduce<PlanMonth>((sum, months) => {
    const month = months[n]
    return month ? { month: sum.month, places: sum.places + month.places, taken: sum.taken + month.taken, free: sum.free + month.free, waiting: sum.waiting + month.waiting, children: plus(sum.children, month.children), needed: plus(sum.needed, month.needed) } : sum
  }, start))
}

/** Places that lack: by the share to be provided for where children are known, else by who has a place or waits for one. */
export const gap = (month: PlanMonth): number => (month.needed ?? month.taken + month.waiting) - month.places
/** Places for a hundred children, in tenths of a percent. */
export const coverage = (month: PlanMonth): number | null => (month.children ? Math.round((month.places * 1000) / month.children) / 10 : null)
