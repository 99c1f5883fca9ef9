// The shapes of guest children and movers-in as the pages use them; see types.ts for the manner.

export type GuestState = 'open' | 'asked' | 'granted' | 'refused'
export type MoveState = 'announced' | 'shown' | 'proven' | 'overdue'
export type MoveEvidence = 'rental_contract' | 'purchase_contract' | 'registration' | 'register'

export type GuestOfDemand = { state: GuestState; valid_from: string | null; valid_until: string | null }
export type MoveIn = {
  state: MoveState; move_on: string; postal_code: string; city: string; area: string | null
  evidence: MoveEvidence | null; seen_on: string | null; version: number
}
export type Guest = {
  state: GuestState; home_name: string | null; home_address: string | null; home_email: string | null
  asked_on: string | null; answered_on: string | null; valid_from: string | null; valid_until: string | null
  costs_agreed: boolean | null; home_file_number: string | null; note: string | null; version: number
}
export type Residence = {
  demand_id: string; child_id: string; child: string; lives_elsewhere: boolean; consent_required: boolean
  guest: Guest | null; move_in: MoveIn | null; areas: string[]
}
export type GuestLine = {
  demand_id: string; reference_code: string | null; child: string; state: GuestState
  home_name: string | null; asked_on: string | null; valid_until: string | null
}
export type MoveLine = {
  demand_id: string; reference_code: string | null; child: string; state: MoveState
  move_on: string; city: string; area: string | null; evidence: MoveEvidence | null
}
