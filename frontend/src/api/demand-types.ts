// The shapes of demands, as families and as staff see them; see types.ts for the manner.

import type { Score } from './criteria-types'
import type { GuestOfDemand, MoveIn } from './residence-types'
import type {
  AgeBand, CareType, DemandState, EvidenceState, Offer, PreferenceState, RefuseReason, ToldBy,
} from './types'

// --- demands ---

export type ChildRef = { id: string; label: string }
export type DemandFact = { criterion_id: string; claimed: boolean; number: number | null; evidence_state: EvidenceState | null }
export type Preference = {
  id: string
  facility_id: string
  facility_name: string
  rank: number
  state: PreferenceState
  state_since: string
  answer_due_on: string | null
  refuse_reason: RefuseReason | null
  refuse_note: string | null
  offer_id: string | null
  distance_m: number | null
  score: Score | null
}
export type Demand = {
  id: string
  reference_code: string | null
  child: ChildRef
  state: DemandState
  transfer: boolean
  present_place: { facility_name: string; care_from: string; care_until: string } | null
  register_mismatch: boolean
  care_type: CareType | null
  desired_start: string | null
  latest_start: string | null
  hours_per_week: number | null
  least_hours: number | null
  times_first: boolean
  /** The family's own order of the ways to its wishes: each facility as wished and, further down, giving way. */
  ways: string[] | null
  window_from: string | null
  window_to: string | null
  legal_claim: boolean
  legal_claim_asserted_at: string | null
  legal_due_on: string | null
  submitted_at: string | null
  updated_at: string
  version: number
  facts: DemandFact[]
  preferences: Preference[]
  editable: boolean
  editable_until: string | null
  /** Whether the wished start can move now, after sending. */
  start_editable: boolean
  /** The first day on which a claim to an earlier start can be due, if the family says it today. */
  notice_ends_on: string
  hints: { code: string; detail: string }[]
  next_step: { code: string; date: string | null }
  mail_problem: boolean
  guest: GuestOfDemand | null
  move_in: MoveIn | null
  /** Whether the children of the family go to one facility; null where none looks for a place at the same time. */
  siblings: DemandSiblings | null
}
export type SiblingAnswer = 'required' | 'preferred' | 'independent'
export type DemandSiblings = {
  with: { demand_id: string; child: ChildRef }[]
  common: string[]
  answer: SiblingAnswer | null
  said_at: string | null
  changeable: boolean
}
export type DemandPatch = Partial<{
  care_type: CareType | null
  desired_start: string | null
  latest_start: string | null
  hours_per_week: number | null
  least_hours: number | null
  times_first: boolean
  /** The family's own order of the ways to its wishes: each facility as wished and, further down, giving way. */
  ways: string[] | null
  window_from: string | null
  window_to: string | null
  legal_claim: boolean
  facts: { criterion_id: string; claimed: boolean; number?: number | null }[]
}>
export type HistoryItem = {
  at: string
  kind: string
  preference_id: string | null
  facility_name: string | null
  from: string | null
  to: string | null
  reason: string | null
  /** The day on which a family without an account said it, and the way; the office entered it. */
  told_on: string | null
  told_by: ToldBy | null
}

// --- demands, for staff ---

export type MyFacility = {
  id: string
  name: string
  city: string
  counts: Record<'received' | 'under_review' | 'invited' | 'waitlisted' | 'offered' | 'accepted', number>
  overdue: number
  next_deadline: string | null
  bookable_now: number | null
  capacity_confirmed_on: string | null
  /** Some figure was made up for a demonstration: nobody confirmed it, whatever the date says. */
  capacity_is_example: boolean
}
export type StaffChild = {
  label: string
  birth_date: string | null
  expected_birth_date: string | null
  age_months_at_start: number | null
  age_band: AgeBand
}
export type StaffFact = { code: string; title: string; points: number; evidence_state: EvidenceState | null }
export type StaffPreference = {
  id: string
  facility_id: string
  facility_name: string
  child: StaffChild
  demand_state: DemandState
  reference_code: string
  state: PreferenceState
  state_since: string
  received_at: string
  answer_due_on: string | null
  desired_start: string
  latest_start: string | null
  hours_per_week: number
  least_hours: number | null
  window_from: string
  window_to: string
  care_type: CareType
  points: number
  facts: StaffFact[]
  legal_claim: boolean
  legal_due_on: string | null
  sibling_here: boolean
  version: number
}
export type StaffPreferenceDetail = StaffPreference & {
  guardians: { name: string; phone: string | null; email: string | null }[]
  address: { street: string; house_number: string; postal_code: string; city: string } | null
  address_protected: boolean
  history: HistoryItem[]
  open_offer: Offer | null
  score: Score | null
}
