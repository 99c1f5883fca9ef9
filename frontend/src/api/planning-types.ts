import type { AgeBand } from './types'

export type PlanMonth = { month: string; places: number; taken: number; free: number; waiting: number; children: number | null; needed: number | null }
export type AreaPlan = { area: string; latitude: number | null; longitude: number | null; facilities: number; bands: { age_band: AgeBand; months: PlanMonth[] }[] }
export type Planning = { areas: AreaPlan[]; births_percent: number }
export type Population = { area: string; birth_year: number; children: number }
export type NeedsPlan = { as_of: string | null; target_under3: number; target_over3: number; target_school_age: number; population: Population[]; version: number }
