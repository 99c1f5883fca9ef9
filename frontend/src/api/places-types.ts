// The shapes of what places rest on, of forecasts and of the group board as the pages use them; see types.ts for the manner.

import type { AgeBand, CareType, DayTimes } from './types'

export type Validity = { valid_from: string; valid_to: string | null }
export type PermitPlaces = { care_type: CareType; age_band: AgeBand; places: number }
export type Permit = Validity & { reference: string | null; places: PermitPlaces[] }
export type StaffHours = Validity & { weekly_minutes: number }
export type Closure = Validity & { reason: string }
export type CareGroup = Validity & {
  id: string | null
  name: string
  age_from_months: number
  age_to_months: number
  under3: number
  over3: number
  school_age: number
  opens_at: string | null
  closes_at: string | null
  staff: StaffHours[]
  closures: Closure[]
}
export type Contingent = { age_band: AgeBand; places: number; purpose: string; valid_from: string; valid_to: string }
export type Basis = {
  permits: Permit[]
  groups: CareGroup[]
  staff: StaffHours[]
  closures: Closure[]
  contingents: Contingent[]
  substitute_id: string | null
}
export type Licence = { valid_from: string; valid_to: string; places: number; contracts_total: number | null }
export type BasisBody = {
  facility_id: string
  version: number
  basis: Basis
  substitute_name: string | null
  childminder: boolean
  licences: Licence[]
  staffing_key: string | null
}

export type Ratio = { staff_minutes: number; children: number; child_minutes: number; planned_minutes: number }
export type StaffingRule = {
  hour_classes: { up_to: number; counts_as: number }[]
  under3: Ratio
  over3: Ratio
  school_age: Ratio
  absence_percent: number
  head_percent: number
  head_at_most_minutes: number
}
export type StaffingKey = { id: string | null; name: string; valid_from: string; rule: StaffingRule; in_force: boolean }
export type StaffingKeyInput = { name: string; valid_from: string; rule: StaffingRule }

export type ForecastMonth = {
  month: string; licensed: number; operable: number; occupied: number; held: number; reserved: number; bookable: number; missing: number
}
export type Forecast = { facilities: number; unknown: number; bands: { age_band: AgeBand; months: ForecastMonth[] }[] }
export type ForecastScope = { kind: string; id: string | null; name: string }

export type GroupWarning = 'too_many' | 'age_range' | 'staffing' | 'closed'
export type BoardChild = {
  child_id: string
  label: string
  birth_date: string
  age_months: number
  age_band: AgeBand
  hours_per_week: number
  window_from: string | null
  window_to: string | null
  week: DayTimes[] | null
  last_day: string
  outside_age_range: boolean
  in_group_since: string | null
}
export type BoardGroup = {
  id: string
  name: string
  age_from_months: number
  age_to_months: number
  places: number
  opens_at: string | null
  closes_at: string | null
  under3: number
  over3: number
  school_age: number
  hours_per_week: number
  staff_minutes: number | null
  required_minutes: number | null
  warnings: GroupWarning[]
  children: BoardChild[]
}
export type GroupBoard = {
  facility_id: string
  facility_name: string
  on: string
  staff_minutes: number | null
  required_minutes: number | null
  groups: BoardGroup[]
  without_group: BoardChild[]
  may_move: boolean
}
export type PlacementInput = { child_id: string; group_id: string | null; valid_from: string }

export type DayPlaces = { day: string; licensed: number; operable: number; occupied: number; held: number; reserved: number; bookable: number }
export type MonthChange = { day: string; what: 'leaves' | 'begins' | 'turns_three' | 'starts_school'; child_id: string; child: string; held: boolean }
export type FacilityMonth = { month: string; bands: { age_band: AgeBand; days: DayPlaces[] }[]; changes: MonthChange[] }
