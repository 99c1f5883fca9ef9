// The shapes of the API as the pages use them. Names are those of the contract; ids are uuid strings,
// plain dates are `YYYY-MM-DD`, times `HH:MM`, instants RFC 3339 in UTC.

import type { GuestOfDemand, MoveIn } from './residence-types'

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
export type Direction = 'asc' | 'desc'
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
}

export type Availability = {
  state: AvailabilityState
  age_band: AgeBand | null
  free_from: string | null
  free_until: string | null
  confirmed_on: string | null
  stale: boolean
  is_example: boolean
}

export type FacilityResult = {
  id: string
  name: string
  /** Null where the source of the data does not say. */
  kind: FacilityKind | null
  care_types: CareType[]
  provider_name: string | null
  provider_kind: ProviderKind | null
  street: string
  house_number: string
  postal_code: string
  city: string
  district: string | null
  latitude: number | null
  longitude: number | null
  distance_m: number | null
  opens_at: string | null
  closes_at: string | null
  concepts: string[]
  languages: string[]
  denomination: string | null
  inclusive: boolean | null
  barrier_free: boolean | null
  age_from_months: number | null
  age_to_months: number | null
  availability: Availability
}

/** A facility in the list of the administration. */
export type ListedFacility = Pick<FacilityResult, 'id' | 'name' | 'kind' | 'provider_name' | 'street' | 'house_number' | 'postal_code' | 'city' | 'district' | 'opens_at' | 'closes_at'> & {
  confirmed_on: string | null
}

export type SearchOrigin = {
  label: string; kind: string; latitude: number | null; longitude: number | null; approximate: boolean
}
export type SourceLine = { attribution: string; licence: string | null; data_as_of: string | null }
export type FacilitySearch = Page<FacilityResult> & { origin: SearchOrigin | null; sources: SourceLine[] }

export type FacilityMarkers = {
  items: { id: string; name: string; latitude: number; longitude: number; state: AvailabilityState }[]
  places: { name: string; latitude: number; longitude: number }[]
  tiles_url: string | null
}
export type Facet<V extends string = string> = { value: V; count: number }
export type FacilityFacets = {
  concepts: Facet[]
  languages: Facet[]
  denominations: Facet[]
  provider_kinds: Facet<ProviderKind>[]
  care_types: Facet<CareType>[]
}

export type FacilityDetail = FacilityResult & {
  description: string | null
  website: string | null
  contact_email: string | null
  phone: string | null
  closing_days: { day: string; note: string }[]
  capacity: {
    age_band: AgeBand
    licensed: number | null
    confirmed_on: string | null
    stale: boolean
    is_example: boolean
    months: { month: string; bookable: number }[]
  }[]
  source: {
    source_id: string; attribution: string | null; licence: string | null; data_as_of: string | null; flags: string[]
  } | null
  substitute: { facility_id: string; name: string } | null
  median_reply_days: number | null
  version: number
}

export type PlaceSuggestion = {
  kind: 'postal_code' | 'place' | 'district' | 'street' | 'position'
  label: string
  postal_code: string | null
  latitude: number | null
  longitude: number | null
  approximate: boolean
}

export type Criterion = {
  id: string; code: string; title: string; hint: string; evidence: string
  source: CriterionSource; points: number | null; position: number; confidential: boolean
}

// --- criteria ---

export type CriterionSource =
  | 'asked' | 'asked_number' | 'sibling_there' | 'sibling_earlier' | 'was_here' | 'main_residence' | 'school_entry_soon'
  | 'preschool_without_place' | 'no_place_yet' | 'follow_up' | 'age_3_or_4' | 'age_5_or_older' | 'age_years'
export type SetPhase = 'draft' | 'coming' | 'in_force' | 'superseded' | 'withdrawn'
export type TieBreak = 'age_older' | 'age_younger' | 'registered_earlier' | 'lottery'
export type Points =
  | { kind: 'flat'; points: number }
  | { kind: 'per_unit'; points: number; most: number | null }
  | { kind: 'steps'; steps: { at_least: number; points: number }[] }
export type EvidenceRule = { kind: 'none' } | { kind: 'at_contract' } | { kind: 'within_days'; days: number } | { kind: 'by_date'; date: string }
export type ReserveType = 'hardship' | 'integration' | 'company'
export type Reserve = { type: ReserveType; seats: number; per: 'group' | 'facility' }
export type RuleInput = { criterion_id: string; points: Points; rank: number; best_of: string | null; evidence: EvidenceRule; reserve: Reserve | null }
export type CriteriaRule = RuleInput & { code: string; title: string; hint: string; evidence_text: string; source: CriterionSource; scope: CriterionScope }
export type CriteriaSet = {
  id: string; provider_id: string | null; provider_name: string | null; number: number; name: string; phase: SetPhase
  valid_from: string | null; valid_until: string | null; tie_breaks: TieBreak[]; template: string | null
  published_at: string | null; version: number
}
export type CourtWarning = { code: string; criterion_id: string; title: string; why: string; source: string }
export type CriteriaSetDetail = CriteriaSet & { rules: CriteriaRule[]; warnings: CourtWarning[]; acknowledged: { code: string; reason: string }[] }
export type PublishedSet = CriteriaSet & { rules: CriteriaRule[] }
export type CriteriaTemplate = { code: string; name: string; note: string; rules: { code: string; title: string; points: Points; rank: number }[]; tie_breaks: TieBreak[] }
export type ScoreOutcome = 'counted' | 'does_not_hold' | 'rejected' | 'evidence_missing' | 'evidence_expired' | 'better_alternative'
export type ScoreLine = {
  code: string; title: string; outcome: ScoreOutcome; points: number; rank: number; number: number | null
  evidence_state: EvidenceState | null; evidence_due: string | null
}
export type Score = {
  set_id: string; set_name: string; set_number: number; provider_name: string | null; counts_on: string; counted_at: string
  rank: number; points: number; tie_breaks: TieBreak[]; lines: ScoreLine[]
}
export type SampleFamily = { letter: string; text: string; place: number; rank: number; points: number; lines: ScoreLine[] }
export type CriteriaPreview = { families: SampleFamily[]; warnings: CourtWarning[] }

// --- identity ---

export type Account = {
  id: string; email: string; display_name: string | null; kind: 'parent' | 'staff'; language: string; version: number
}
export type SessionRole = {
  membership_id: string; role: Role; provider_id: string | null; facility_id: string | null; label: string
}
export type Session = {
  account: Account | null
  roles: SessionRole[]
  second_factor: { enabled: boolean; required: boolean; required_from: string | null } | null
  expires_at: string | null
  acting: { mandate_id: string; family_name: string; may_act: boolean; valid_until: string; holds: boolean } | null
}
export type SessionListItem = {
  id: string; created_at: string; last_seen_at: string; current: boolean; user_agent: string
}
export type SecondFactorSetup = { secret: string; otpauth_url: string; qr_svg: string }

export type Membership = {
  id: string; role: Role; provider_id: string | null; facility_id: string | null; label: string
}
export type StaffAccount = {
  account_id: string
  email: string
  display_name: string | null
  second_factor: boolean
  last_seen_at: string | null
  memberships: Membership[]
}
export type Invitation = {
  id: string; email: string; role: Role; label: string; expires_at: string
  state: 'open' | 'accepted' | 'expired' | 'revoked'
}
export type ApiKeyScope = 'facilities_read' | 'facilities_write' | 'demands_read'
export type ApiKey = {
  expires_at: string | null

  id: string; name: string; scopes: ApiKeyScope[]; prefix: string
  created_at: string; last_used_at: string | null; revoked_at: string | null
}
export type CreatedApiKey = ApiKey & { key: string }
export type AuditEntry = {
  id: string; at: string; actor_kind: 'anonymous' | 'parent' | 'staff' | 'api_key' | 'system'; actor_label: string; role: Role | null
  action: string; object_id: string | null; request_id: string
  outcome: 'done' | 'refused'; code: string | null; reason: string | null; alert: boolean
  on_behalf_of: string | null; on_behalf_of_label: string | null
}
export type AuditFault = 'altered' | 'removed' | 'inserted' | 'backdated' | 'relinked' | 'hidden' | 'cut'
export type AuditChain = {
  sealed: number; pending: number; head: string | null; deleted_until: string | null; scheduled: boolean
  checks: { at: string; events: number; head: string; fault: AuditFault | null; event_id: string | null; event_at: string | null }[]
}

// --- tenancy ---

export type Retention = {
  draft_days: number; unserved_months: number; contract_months: number; decision_months: number
  account_months: number; undelivered_days: number; audit_months: number; job_days: number; care_sheet_days: number; survey_days: number
}

export type NoticeTo = 'month' | 'quarter' | 'kita_year'
export type AfterSettings = {
  contract_notice_to: NoticeTo; contract_notice_not_last_months: number
  contract_notice_months: number; signature_reminder_days: number; followup_months_ahead: number; swap_answer_days: number
  school_key_day: string | null; guest_consent: 'required' | 'noted'
}

export type Settings = {
  retention: Retention
  after: AfterSettings
  earliest_application_days_before_birth: number
  earliest_start_age_months: number
  notice_period_months: number
  max_preferences: number
  ranking: boolean
  allocation_mode: AllocationMode
  key_date: string | null
  offer_window_days: number
  parallel_offers: boolean
  followup_automatic: boolean
  earliest_contract_months: number
  renewal_interval_months: number | null
  answer_clock_days: number
  receipt_clock_days: number
  kita_year_start: string
  residency_required: boolean
  confirm_automatically: boolean
  second_factor_required_for_staff: boolean
  second_factor_grace_days: number
  stale_after_days: number
  default_language: string
  languages: string[]
}
export type SettingsVersion = { version: number; valid_from: string; settings: Settings }
export type SettingsBody = { current: SettingsVersion; planned: SettingsVersion[]; version: number }
export type TenantProfile = {
  name: string
  office_name: string
  primary_color: string
  contact_email: string
  contact_phone: string
  contact_address: string
  feedback_email: string
  sender_name: string
  sender_address: string
  official_header: boolean
  version: number
}
export type ClosingDay = { id: string; day: string; note: string; facility_id: string | null }
export type AdminCriterion = {
  id: string
  code: string
  title_de: string
  title_en: string
  hint_de: string
  hint_en: string
  evidence_de: string
  evidence_en: string
  source: CriterionSource
  scope: CriterionScope
  position: number
  active: boolean
  confidential: boolean
  version: number
}
export type OperatorTenant = {
  id: string
  slug: string
  name: string
  ags: string
  federal_state: string
  state: string
  host: string | null
  accounts: number
  facilities: number
  demands_open: number
  jobs_waiting: number
}

// --- facilities, for staff ---

export type Provider = {
  id: string; name: string; kind: ProviderKind | null; website: string | null; facility_count: number; version: number
}
export type FacilityInput = {
  name: string
  kind: FacilityKind
  provider_id: string | null
  care_types: CareType[]
  street: string
  house_number: string
  postal_code: string
  city: string
  district: string | null
  latitude: number | null
  longitude: number | null
  opens_at: string | null
  closes_at: string | null
  languages: string[]
  concepts: string[]
  denomination: string | null
  inclusive: boolean | null
  barrier_free: boolean | null
  age_from_months: number | null
  age_to_months: number | null
  description: string | null
  website: string | null
  contact_email: string | null
  phone: string | null
  licence: { valid_from: string; valid_to: string; places: number; contracts_total: number | null } | null
}
export type FacilityBody = FacilityInput & { id: string; version: number }
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
export type GuardianInput = { first_name: string; last_name: string; phone: string | null }
export type HouseholdInput = {
  street: string; house_number: string; postal_code: string; city: string; address_protected: boolean
}
export type ChildInput = {
  first_name: string | null; last_name: string | null; sex: Sex | null
  birth_date: string | null; expected_birth_date: string | null
}

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
export type PreferenceSort = 'priority' | 'age' | 'start' | 'received' | 'answer_due'

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
export type OfficeDemandSort = 'submitted' | 'start' | 'legal_due' | 'age'
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
