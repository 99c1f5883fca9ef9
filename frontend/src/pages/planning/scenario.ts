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

/** Numbers of children count for several areas only where each that has places or waiting children knows its own. */
const known = (months: PlanMonth[]): boolean => months.every((month) => month.children !== null || month.places + month.taken + month.waiting === 0)
const total = (values: (number | null)[]): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0)

/** The months of an age band, of one area or of all together. */
export function monthsOf(areas: AreaPlan[], band: AgeBand, area: string | null): PlanMonth[] {
  const chosen = areas.filter((one) => area === null || one.area === area).map((one) => one.bands.find((b) => b.age_band === band)?.months ?? [])
  return (chosen[0] ?? []).map((start, n) => {
    const here = chosen.flatMap((months) => months[n] ?? [])
    const some = known(here) && here.some((month) => month.children !== null)
    const sum = (name: 'places' | 'taken' | 'free' | 'waiting') => total(here.map((month) => month[name]))
    // What is needed adds up as it does area by area, or the whole would say of the same month what none of its parts says.
    const needs = here.some((month) => month.needed !== null)
    return { month: start.month, places: sum('places'), taken: sum('taken'), free: sum('free'), waiting: sum('waiting'), children: some ? total(here.map((month) => month.children)) : null, needed: needs ? total(here.map(need)) : null }
  })
}

/** What is needed: by the share to be provided for where children are known, else by who has a place or waits for one. */
const need = (month: PlanMonth): number => month.needed ?? month.taken + month.waiting
/** Places that lack. */
export const gap = (month: PlanMonth): number => need(month) - month.places
/** Places for a hundred children, in tenths of a percent. */
export const coverage = (month: PlanMonth): number | null => (month.children ? Math.round((month.places * 1000) / month.children) / 10 : null)
