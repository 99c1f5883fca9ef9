// The shapes of substitute care as the pages use them; see types.ts for the manner.

export type AbsenceReason = 'illness' | 'holiday' | 'training' | 'other'
export type Absence = {
  id: string
  from_on: string
  to_on: string
  reason: AbsenceReason
  uncovered: number
  children: { contract_id: string; child_label: string | null; substitute: { facility_id: string; name: string } | null }[]
}
export type Absences = {
  childminder: boolean
  absences: Absence[]
  guests: { absence_id: string; contract_id: string; child_label: string | null; facility_name: string; from_on: string; to_on: string }[]
}
