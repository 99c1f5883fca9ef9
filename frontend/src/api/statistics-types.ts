// The shapes of the youth-welfare statistics as the pages use them; see types.ts for the manner.

export type Finding =
  | 'kind_missing' | 'provider_kind_missing' | 'permit_missing' | 'staff_missing' | 'no_children'
  | 'sex_missing' | 'birth_missing' | 'window_missing' | 'group_missing'
export type FacilityStatistics = {
  facility_id: string
  name: string
  part: 'facilities' | 'childminding'
  children: number
  staff_minutes: number
  licensed: number | null
  missing: Finding[]
  incomplete: { child_id: string; label: string; missing: Finding[] }[]
}
export type Statistics = {
  key_date: string
  columns: { code: string; column: string; held: boolean }[]
  facilities: FacilityStatistics[]
}
