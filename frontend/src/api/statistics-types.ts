// The shapes of the youth-welfare statistics as the pages use them; see types.ts for the manner.

export type HouseFinding =
  | 'kind_missing' | 'provider_kind_missing' | 'permit_missing' | 'staff_missing' | 'no_children'
  | 'legal_form_missing' | 'opening_missing' | 'closing_days_missing' | 'persons_missing' | 'person_sex_missing' | 'person_birth_missing'
  | 'qualification_missing' | 'person_hours_missing' | 'area_missing' | 'position_missing' | 'employment_missing' | 'person_since_missing' | 'course_missing'
  | 'place_missing' | 'school_degree_missing'
export type ChildFinding =
  | 'sex_missing' | 'birth_missing' | 'window_missing' | 'group_missing'
  | 'days_missing' | 'meals_missing' | 'school_missing' | 'grade_missing' | 'origin_missing' | 'language_missing' | 'help_missing' | 'related_missing'
  | 'other_care_missing'
export type Finding = HouseFinding | ChildFinding
export type Part = 'facilities' | 'childminding'
export type FacilityStatistics = {
  facility_id: string
  name: string
  part: Part
  children: number
  staff_minutes: number
  licensed: number | null
  missing: Finding[]
  incomplete: { child_id: string; label: string; missing: Finding[] }[]
}
export type Statistics = {
  key_date: string
  columns: { code: string; column: string; entered: boolean }[]
  facilities: FacilityStatistics[]
}

export type LegalForm = 'public_body' | 'association' | 'company' | 'foundation' | 'cooperative' | 'private' | 'other'
export type Sex = 'female' | 'male' | 'diverse' | 'unstated'
export type Qualification =
  | 'pedagogy_degree' | 'other_degree' | 'educator' | 'remedial_education' | 'assistant' | 'health' | 'other_vocational' | 'in_training' | 'without'
export type WorkArea = 'lead' | 'group_lead' | 'group' | 'cross_group' | 'inclusion' | 'administration' | 'housekeeping'
export type Position = 'employee' | 'civil_servant' | 'recognition' | 'training' | 'voluntary' | 'other'
export type Employment = 'permanent' | 'fixed_term' | 'other'
export type SchoolDegree = 'without' | 'lower' | 'middle' | 'applied' | 'university' | 'other'
export type Course = 'without' | 'running' | 'below160' | 'from160' | 'from300'
export type CarePlace = 'own_home' | 'childs_home' | 'other_rooms'
export type Person = {
  sex: Sex | null
  birth_month: number | null
  birth_year: number | null
  qualification: Qualification | null
  weekly_minutes: number | null
  area: WorkArea | null
  position: Position | null
  employment: Employment | null
  since: string | null
  group_id: string | null
  school_degree: SchoolDegree | null
  course: Course | null
  place: CarePlace | null
}
export type HouseEntry = { legal_form: LegalForm | null; opens_at: string | null; closes_at: string | null; closing_days: number | null; persons: Person[] }
export type SurveyForm = {
  facility_id: string
  name: string
  part: Part
  key_date: string
  version: number
  prefilled_from: string | null
  entry: HouseEntry
  groups: { id: string; name: string }[]
  children: number
  missing: Finding[]
}
export type Answers = {
  days_per_week: number | null
  meals: boolean | null
  attends_school: boolean | null
  grade: number | null
  foreign_origin: boolean | null
  german_at_home: boolean | null
  integration_help: boolean | null
  related: boolean | null
  other_care: boolean | null
}
export type SurveyChild = { child_id: string; label: string; group_name: string | null; answers: Answers; missing: Finding[] }
export type SurveyChildren = { facility_id: string; name: string; part: Part; key_date: string; version: number; items: SurveyChild[] }
