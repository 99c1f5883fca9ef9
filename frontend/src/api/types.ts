// The shapes of the API as the pages use them. Names are those of the contract; ids are uuid strings,
// plain dates are `YYYY-MM-DD`, times `HH:MM`, instants RFC 3339 in UTC.

import type { CriterionSource } from './criteria-types'
import type { ChildRef, Demand, HistoryItem, SiblingAnswer } from './demand-types'

export type * from './criteria-types'
export type * from './demand-types'
export type * from './identity-types'
export type * from './search-types'
export type * from './tenancy-types'

export type Page<T> = { items: T[]; next_cursor: string | null; total: number | null }
export type Items<T> = { items: T[] }

export type Role =
  | 'parent' | 'counsellor' | 'tenant_admin' | 'clerk' | 'provider_manager'
  | 'facility_manager' | 'childminder' | 'read_only' | 'operator'
export type CareType = 'nursery' | 'kindergarten' | 'after_school' | 'mixed_age'
export type AgeBand = 'under3' | 'over3' | 'school_age'
export type FacilityKind =
  | 'nursery' | 'kindergarten' | 'daycare' | 'after_school'
  | 'daycare_with_after_school' | 'parent_child_group' | 'childminder'
export type ProviderKind =
  | 'municipal' | 'church' | 'welfare' | 'private_nonprofit' | 'commercial' | 'parents_initiative' | 'company'
export type DemandState =
  | 'draft' | 'submitted' | 'confirmed' | 'in_allocation' | 'offer_pending' | 'covered' | 'closed'
  | 'withdrawn' | 'expired' | 'not_entitled' | 'moved_away' | 'superseded'
export type PreferenceState =
  | 'received' | 'under_review' | 'invited' | 'waitlisted' | 'offered' | 'accepted' | 'contracted' | 'paused'
  | 'refused' | 'declined' | 'withdrawn' | 'offer_expired' | 'covered_elsewhere'
export type OfferState = 'drafted' | 'sent' | 'viewed' | 'accepted' | 'declined' | 'expired' | 'revoked'
export type ContractState =
  | 'drafted' | 'sent' | 'signed_by_guardians' | 'signed_by_provider' | 'active' | 'terminated' | 'ended'
export type AvailabilityState = 'covered' | 'partly' | 'full' | 'unknown'
export type RefuseReason = 'no_place' | 'age' | 'hours' | 'residence' | 'group_mix' | 'criteria' | 'other'
export type DeclineReason = 'other_place' | 'too_far' | 'hours' | 'start' | 'cost' | 'other'
export type EvidenceState = 'claimed' | 'seen' | 'rejected'
export type Sex = 'female' | 'male' | 'diverse'
export type AllocationMode = 'decentral' | 'central' | 'coordinated'
export type CriterionScope = 'global' | 'local'

// --- public ---

export type TenantListItem = { slug: string; name: string; federal_state: string; ags: string }
export type LegalKind = 'imprint' | 'privacy' | 'accessibility' | 'plain_language'

export type Tenant = {
  slug: string
  name: string
  ags: string
  ars: string
  federal_state: string
  languages: string[]
  default_language: string
  primary_color: string
  logo_url: string | null
  office_name: string
  contact: { email: string; phone: string; address: string }
  feedback_email: string
  max_preferences: number
  ranking: boolean
  allocation_mode: AllocationMode
  notice_period_months: number
  kita_year_start: string
  earliest_application_days_before_birth: number
  earliest_start_age_months: number
  key_date: string | null
  second_factor_required_for_staff: boolean
  official_header: boolean
}

export type LegalPage = {
  kind: LegalKind; language: string; title: string; body: string; updated_at: string; version: number
  earlier: { number: number; since: string | null }[]
}

export type Criterion = {
  id: string; code: string; title: string; hint: string; evidence: string
  source: CriterionSource; points: number | null; position: number; confidential: boolean
}

// --- facilities, for staff ---

export type Provider = {
  id: string; name: string; kind: ProviderKind | null; website: string | null; facility_count: number; version: number
}
export type CapacityFigure = {
  from_month: string
  licensed: number
  operable: number
  operable_reason: string | null
  operable_since: string | null
  occupied_external: number
  confirmed_on: string | null
  is_example: boolean
}
export type CapacityInput = Omit<CapacityFigure, 'confirmed_on' | 'is_example'>
export type CapacityMonth = {
  month: string; licensed: number; operable: number; occupied: number; held: number; reserved: number; bookable: number
  limited_by: 'permit' | 'by_hand' | 'closure' | 'staff' | 'licence' | 'contracts'
}
/** Who is at a childminder's at the same time. */
export type Presence = {
  children: number; at_once: number; all_day: number
  /** What the licence bounds beside the children at the same time, and what it leaves. */
  contracts_total: number | null; contracts_left: number | null
  /** A usual week; weekdays that are alike stand together. */
  week: { weekdays: number[]; times: { from: string; to: string; children: number }[] }[]
}
export type Capacity = {
  facility_id: string
  version: number
  presence: Presence | null
  bands: { age_band: AgeBand; figures: CapacityFigure[]; months: CapacityMonth[] }[]
}
export type ImportReport = {
  rows: number; created: number; updated: number; unchanged: number; dry_run: boolean
  errors: { row: number; column: string; code: string; detail: string }[]
  /** What was left out or is doubtful; it stops nothing. */
  warnings?: { row: number; column: string; code: string; detail: string }[]
}

// --- families ---

export type Guardian = { id: string; first_name: string; last_name: string; phone: string | null; version: number }
export type Household = {
  id: string; street: string; house_number: string; postal_code: string; city: string
  address_protected: boolean; version: number
}
export type Child = {
  id: string
  first_name: string | null
  last_name: string | null
  sex: Sex | null
  birth_date: string | null
  expected_birth_date: string | null
  school_entry_on: string | null
  version: number
  custody: { valid_from: string; valid_to: string | null }
  demand_id: string | null
  place: { facility_name: string; care_from: string; care_until: string } | null
  may_transfer: boolean
}
export type Family = {
  guardian: Guardian | null
  household: Household | null
  children: Child[]
  other_guardians: { id: string; first_name: string; last_name: string; child_ids: string[] }[]
  invitations: { id: string; email: string; expires_at: string }[]
}
export type HouseholdInput = {
  street: string; house_number: string; postal_code: string; city: string; address_protected: boolean
}
export type ChildInput = {
  first_name: string | null; last_name: string | null; sex: Sex | null
  birth_date: string | null; expected_birth_date: string | null
}

// --- offers and contracts ---

export type Offer = {
  id: string
  facility_id: string
  facility_name: string
  preference_id: string
  demand_id: string
  child: ChildRef
  state: OfferState
  care_from: string
  care_until: string | null
  hours_per_week: number
  window_from: string | null
  window_to: string | null
  /** The times of each day on which the child would come; `null`: the same on every day. */
  week: DayTimes[] | null
  deadline_on: string
  sent_at: string
  viewed_at: string | null
  answered_at: string | null
  decline_reason: DeclineReason | null
  revoke_reason: string | null
  contract_id: string | null
  present_facility: string | null
  better_than: string | null
  /** A guardian with custody has an account and answers there; otherwise facility and office enter what the family says. */
  has_account: boolean
  /** The deadline is over and the family has no account: until this day a letter that came in time can be entered. */
  letter_until: string | null
  version: number
}
export type ToldBy = 'phone' | 'letter' | 'in_person'
/** On which day a family said something, and in which way. */
export type Told = { on: string; by: ToldBy }
/** A weekday, 1 Monday to 5 Friday, with its times. */
export type DayTimes = { weekday: number; from: string; to: string }
/** Hours and times as they are sent: with a week they follow from it. */
export type TimesInput = {
  hours_per_week: number | null
  window_from: string | null
  window_to: string | null
  week: { weekday: number; from: string | null; to: string | null }[] | null
}
export type OfferInput = TimesInput & {
  preference_id: string
  care_from: string
  care_until: string | null
  deadline_days: number | null
}
export type Contract = {
  id: string
  offer_id: string
  demand_id: string
  facility_id: string
  facility_name: string
  provider_name: string | null
  child: ChildRef
  state: ContractState
  care_from: string
  care_until: string
  hours_per_week: number
  window_from: string | null
  window_to: string | null
  /** The times of each day on which the child comes; `null`: the same on every day. */
  week: DayTimes[] | null
  settling_in_weeks: number
  note: string | null
  sent_at: string | null
  measles_shown_on: string | null
  measles_seen_by: string | null
  notice_by: 'guardians' | 'facility' | 'transfer' | null
  notice_at: string | null
  notice_received_on: string | null
  notice_reason: string | null
  created_at: string
  version: number
}

// --- office ---

export type OfficeOverview = {
  demands_by_state: Partial<Record<DemandState, number>>
  without_place: number
  transfers: number
  legal_claims_open: number
  legal_claims_due_30_days: number
  silent_facilities: number
  dead_letters: number
  letters_to_print: number
  unanswered: number
  to_confirm: number
  by_month: { month: string; demands: number; accepted: number }[]
}
export type OfficeDemandView = 'all' | 'to_confirm' | 'without_place' | 'legal_claim' | 'transfer' | 'unanswered'
export type OfficeDemand = {
  id: string
  reference_code: string | null
  child: { label: string; birth_date: string | null; expected_birth_date: string | null }
  state: DemandState
  transfer: boolean
  register_mismatch: boolean
  desired_start: string | null
  legal_claim: boolean
  legal_due_on: string | null
  submitted_at: string | null
  preferences_open: number
  preferences_total: number
  first_wish_points: number
  version: number
}
export type OfficeGuardian = { name: string; phone: string | null; email: string | null }
export type OfficeEvidence = {
  criterion_id: string; state: string; seen_on: string | null; seen_by: string | null; valid_until: string | null
}
export type OfficeDemandDetail = Demand & {
  guardians: OfficeGuardian[]
  address: { street: string; house_number: string; postal_code: string; city: string } | null
  address_protected: boolean
  /** A guardian with custody has an account and answers there; otherwise the office enters what the family says. */
  has_account: boolean
  /** The family, which gets letters, let three of them go without an answer: somebody must ask it. */
  unanswered: boolean
  evidence: OfficeEvidence[]
  history: HistoryItem[]
}
/** A known child that can be the one of a form. */
export type KnownChild = {
  child_id: string; name: string; birth_date: string; guardians: string[]; has_account: boolean; place: string | null
  demands: { id: string; reference_code: string | null; state: DemandState; submitted_at: string | null }[]
}
export type IntakeInput = {
  guardian: { first_name: string; last_name: string; email: string | null; phone: string | null; language: string }
  household: HouseholdInput
  child: ChildInput
  demand: {
    care_type: CareType
    desired_start: string
    latest_start: string | null
    hours_per_week: number
    least_hours: number | null
    window_from: string
    window_to: string
    legal_claim: boolean
    facts: { criterion_id: string; claimed: boolean; number?: number | null }[]
  }
  facility_ids: string[]
  received_at: string
  sibling_of?: string
  child_id?: string | null
  other_child?: boolean
  transfer?: boolean
  siblings?: SiblingAnswer | null
}
export type SilentFacility = {
  facility_id: string; name: string; open_preferences: number; oldest_received_at: string; oldest_days: number
}
export type DeadLetter = {
  id: string; kind: string; created_at: string; recipient_label: string
  last_error: string; attempts: number; reference_code: string | null
}
export type Letter = {
  id: string; kind: string; created_at: string; recipient_label: string
  reference_code: string | null; printed_at: string | null
}
