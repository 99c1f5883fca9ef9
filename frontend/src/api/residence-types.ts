// The shapes of guest children and movers-in as the pages use them; see types.ts for the manner.

export type GuestState = 'open' | 'asked' | 'granted' | 'refused'
export type MoveState = 'announced' | 'shown' | 'proven' | 'overdue'
export type MoveEvidence = 'rental_contract' | 'purchase_contract' | 'registration' | 'register'

export type LapseReason = 'ended' | 'own_place' | 'costs' | 'moved' | 'not_said'
export type LapseDecision = 'own_costs' | 'granted_again' | 'notice'

export type LapseOfDemand = { lapses_on: string; withdrawn: boolean; decide_by: string; decision: LapseDecision | null }
export type GuestOfDemand = { state: GuestState; valid_from: string | null; valid_until: string | null; lapse: LapseOfDemand | null }
export type MoveIn = {
  state: MoveState; move_on: string; postal_code: string; city: string; area: string | null
  evidence: MoveEvidence | null; seen_on: string | null; version: number
}
export type GuestLapse = {
  contract_id: string; facility_name: string; lapses_on: string; reason: LapseReason; file_number: string | null; decide_by: string
  decision: LapseDecision | null; decided_on: string | null; granted_until: string | null; decision_reason: string | null
}
export type Guest = {
  state: GuestState; home_name: string | null; home_address: string | null; home_email: string | null
  asked_on: string | null; answered_on: string | null; valid_from: string | null; valid_until: string | null
  costs_agreed: boolean | null; home_file_number: string | null; note: string | null; lapse: GuestLapse | null; version: number
}
export type Residence = {
  demand_id: string; child_id: string; child: string; lives_elsewhere: boolean; consent_required: boolean
  guest: Guest | null; move_in: MoveIn | null; areas: string[]
}
export type GuestLine = {
  demand_id: string; reference_code: string | null; child: string; state: GuestState
  home_name: string | null; asked_on: string | null; valid_until: string | null; decide_by: string | null
}
export type MoveLine = {
  demand_id: string; reference_code: string | null; child: string; state: MoveState
  move_on: string; city: string; area: string | null; evidence: MoveEvidence | null
}
