// The shapes of allocation rounds as the pages use them; see types.ts for the manner.

import type { AgeBand, OfferState } from './types'

export type RoundState = 'planned' | 'frozen' | 'proposed' | 'in_review' | 'released' | 'closed' | 'paused' | 'cancelled'
export type RoundMode = 'central' | 'coordinated'
export type RunKind = 'dry' | 'final' | 'followup'
export type SiblingRule = 'independent' | 'preferred' | 'required'
/** Why a place could not be offered. */
export type NotSentReason = 'no_place' | 'capacity_unknown' | 'child_has_open_offer' | 'facility_closed' | 'invalid' | 'wish_ended' | 'missing' | 'failed' | 'not_released'
export type CaseOutcome = 'none' | 'waiting' | 'decided' | 'offered' | 'not_sent' | 'left'
export type CaseAnswer = 'open' | 'accepted' | 'declined' | 'expired' | 'revoked'
export type CaseFlag =
  | 'exception' | 'stay_does_not_fit' | 'siblings_split' | 'claim_unserved' | 'deviation' | 'passed_over'
  | 'provider_order' | 'lottery' | 'evidence_missing' | 'reserved' | 'left'
export type WishReason =
  | 'placed' | 'better_placed' | 'full' | 'not_eligible' | 'reserved' | 'sibling' | 'held'
  | 'provider_order' | 'fixed' | 'not_decided' | 'exception'
export type WishExclusion = 'closed' | 'refused' | 'residence' | 'age' | 'capacity_unknown' | 'hours' | 'stay'
/** One way to a wish: as wished, or later or with fewer hours. */
export type WishWay = { care_from: string; hours_per_week: number | null }
export type DeviationKind = 'place' | 'exclude'
export type DeviationReason = 'court_order' | 'hardship' | 'inclusion' | 'siblings_together' | 'group_mix' | 'data_error'
export type DeviationState = 'proposed' | 'approved' | 'withdrawn'

export type AfterRelease = 'keep_or_improve' | 'fill_only'
export type ImprovementState = 'waiting' | 'offered' | 'accepted' | 'declined' | 'expired' | 'revoked' | 'not_sent' | 'left'

export type RoundConfig = {
  age_bands: AgeBand[]
  offer_days: number | null
  siblings: SiblingRule
  after_release: AfterRelease
  draw_source: string
  draw_on: string
}
export type RoundInput = { name: string; mode: RoundMode; key_date: string; start_on: string; config: RoundConfig }

export type RoundFigures = {
  children: number; placed: number; unplaced: number; keeping: number; first_wish: number
  justified_envy: number; wasted_seats: number; exceptions: number
}
export type Run = {
  id: string
  number: number
  kind: RunKind
  instance_sha256: string
  engine: string
  figures: RoundFigures
  verified_at: string
  started_by: string | null
  started_by_name: string | null
}
export type NextStep =
  | 'wait_key_date' | 'freeze' | 'draw_over' | 'dry_run' | 'wait_draw' | 'seed' | 'seed_other' | 'seed_differs' | 'step_running' | 'final_run' | 'conflicts'
  | 'deviations' | 'decide' | 'rerun' | 'sign' | 'sign_other' | 'sending' | 'not_sent' | 'close' | 'resume' | 'closed' | 'cancelled'
/** Who did something, and when; the name is empty once the account is closed. */
export type RoundPerson = { account_id: string; name: string; at: string }
export type RoundSummary = {
  id: string; name: string; mode: RoundMode; state: RoundState; kita_year: string; key_date: string; start_on: string
  created_at: string; released_at: string | null; children: number | null; placed: number | null; next: NextStep
}
export type Round = Omit<RoundSummary, 'children' | 'placed' | 'next'> & {
  paused_from: RoundState | null
  config: RoundConfig
  snapshot_sha256: string | null
  criteria: string | null
  commitment: string | null
  engine: string
  seed: string | null
  seed_entries: number
  seed_entered_by_me: boolean
  seed_entered_by: RoundPerson[]
  run: Run | null
  conflicts_opened_by_me: boolean
  conflicts_opened_by: RoundPerson[]
  signatures: RoundPerson[]
  deviations_pending: number
  undecided: number
  outcomes: Record<CaseOutcome, number>
  answers: Record<CaseAnswer | 'moved_up', number>
  improvements: Record<'open' | 'accepted' | 'kept' | 'not_sent', number>
  frozen_at: string | null
  version: number
}

export type RoundGroup = { name: string; places: number; first_wishes: number; placed: number; deviations: number; by_hand: number }
export type RoundDifference = { number: number; gained: number; lost: number; better: number; worse: number; same: number }
export type CriterionGroup = { code: string; children: number; placed: number; first_wish: number }
export type FacilityGroup = { facility_id: string; name: string; places: number; wishes: number; first_wishes: number; placed: number }
export type KeptSeats = { kind: string; seats: number; filled: number; facilities: number; below: number }
export type Unserved = { district: string; month: string; children: number; claims: number }
export type RoundReport = {
  figures: RoundFigures
  rank_histogram: number[]
  unserved_claims: Record<string, number>
  siblings: { families: number; together: number; split: number }
  lottery_decided: number
  flags: Record<string, number>
  invariants: { name: string; holds: boolean }[]
  first_preference_first: RoundFigures
  by_provider: RoundGroup[]
  by_district: RoundGroup[]
  by_criterion: CriterionGroup[]
  by_facility: FacilityGroup[]
  kept_seats: KeptSeats[]
  unserved: Unserved[]
  against_run: RoundDifference | null
  against_steps: RoundDifference | null
  against_round: { name: string; figures: RoundFigures } | null
}
export type RoundChances = { draws: number; always: number; sometimes: number; never: number }
export type ReportOfRun = { run: Run; report: RoundReport; chances: RoundChances | null; by_wish: WishChance[] }
export type SimulatedSet = {
  criteria_set_id: string; name: string; number: number; provider_name: string | null; state: 'draft' | 'published' | 'withdrawn'
  against_frozen: NonNullable<RoundReport['against_run']>; report: RoundReport; chances: RoundChances; by_wish: WishChance[]
}
export type WishChance = { wish: number; children: number; met_per_mille: number }
export type Simulation = { frozen: { report: RoundReport; chances: RoundChances; by_wish: WishChance[] }; items: SimulatedSet[] }

export type RoundCase = {
  id: string
  demand_id: string
  reference_code: string | null
  child: { id: string; label: string; birth_date: string }
  family: string
  age_band: AgeBand
  care_from: string
  hours_per_week: number | null
  legal_claim: boolean
  facility_id: string | null
  preference_id: string | null
  wish: number | null
  wishes: number
  flags: CaseFlag[]
  to_decide: boolean
  decision: { account_id: string; name: string; at: string; note: string | null } | null
  outcome: CaseOutcome
  outcome_reason: string | null
  offer_id: string | null
  answer: CaseAnswer | null
  moved_up: boolean
  improvement: { state: ImprovementState; facility_id: string | null; from_facility_id: string | null; offer_id: string | null } | null
  /** What it holds in a coordinated round under way. */
  held: { preference_id: string; facility_id: string; wish: number; last: boolean } | null
}
/** How the children of one family are placed. */
export type SiblingPlacing = { rule: SiblingRule; said_at: string | null; joint: boolean; result: 'together' | 'apart' | 'some' | 'none' | null }
export type ScoreLine = { code: string; points: number; evidence: string | null; not_counted: string | null; number: number | null }
export type CaseWish = {
  preference_id: string
  facility_id: string
  facility_name: string
  rank: number
  reason: WishReason | null
  excluded: WishExclusion | null
  ways: WishWay[]
  points: number
  breakdown: ScoreLine[]
  priority: number[]
  cutoff: number[] | null
  ahead: number | null
  lottery: boolean
  provider_reason: DeviationReason | null
  decided: DeviationKind | null
  position: number | null
  of: number | null
  chance_per_mille: number | null
}
export type Deviation = {
  id: string
  case_id: string
  kind: DeviationKind
  preference_id: string
  facility_id: string
  reason: DeviationReason
  note: string
  state: DeviationState
  proposed_by: string
  proposed_by_name: string
  proposed_at: string
  approved_by: string | null
  approved_by_name: string | null
  approved_at: string | null
}
export type DeviationInput = Pick<Deviation, 'case_id' | 'kind' | 'preference_id' | 'reason' | 'note'>
export type CaseDetail = {
  case: RoundCase
  pseudonym: string
  lottery_number: string | null
  wishes: CaseWish[]
  deviations: Deviation[]
  siblings: string[]
  sibling_placing: SiblingPlacing | null
}

// --- seen by families, facilities and everybody ---

export type Standing = { rank: number; points: number }
export type ExplainedWish = {
  preference_id: string
  facility_id: string
  facility_name: string
  wish: number
  reason: WishReason | null
  excluded: WishExclusion | null
  points: number
  breakdown: ScoreLine[] | null
  own: Standing | null
  cutoff: Standing | null
  followup_rank: number | null
  lottery: boolean
  provider_reason: DeviationReason | null
  decided: DeviationKind | null
  way: WishWay | null
  corridor: { from: number; to: number; of: number } | null
}
export type LotteryNumber = {
  seed: string
  pseudonym: string
  number: string
  families: number
  smaller: number
  draw_source: string
  draw_on: string
  commitment: string | null
}
export type Explanation = {
  demand_id: string
  round: {
    id: string
    name: string
    key_date: string
    start_on: string
    criteria: string | null
    released_at: string | null
    outcome: CaseOutcome
    deviation: boolean
  } | null
  wishes: ExplainedWish[]
  improvement: { state: ImprovementState; facility_name: string; from_facility_name: string } | null
  may_improve: boolean
  lottery: LotteryNumber | null
  chance: 'likely' | 'open' | 'unlikely' | null
  siblings: SiblingPlacing | null
}

/** A count of fewer than five children is not published: it is null. */
export type PublicFigures = {
  children: number | null
  placed: number | null
  unplaced: number | null
  first_wish: number | null
  rank_histogram: (number | null)[]
  unserved_claims: number | null
  justified_envy: number | null
  passed_over: number | null
  lottery_decided: number | null
  first_preference_first: { placed: number | null; first_wish: number | null; justified_envy: number | null }
}
export type PublicRound = {
  id: string
  name: string
  state: RoundState
  kita_year: string
  key_date: string
  start_on: string
  age_bands: AgeBand[]
  siblings: SiblingRule
  after_release: AfterRelease
  draw_source: string
  draw_on: string
  snapshot_sha256: string | null
  criteria: string | null
  commitment: string | null
  seed: string | null
  engine: string
  instance_sha256: string | null
  frozen_at: string | null
  released_at: string | null
  figures: PublicFigures | null
}

export type PoolOutcome = {
  facility_id: string
  facility_name: string
  age_band: AgeBand
  places: number
  starts: { from_month: string; places: number }[]
  hours: { hours: number; places: number }[]
  children: {
    preference_id: string; child_id: string; label: string; care_from: string; outcome: CaseOutcome; offer_state: OfferState | null
  }[]
}

// --- coordinated rounds: facilities propose in steps ---

export type FacilityMode = 'by_points' | 'by_hand'
export type FacilityStand = 'awaited' | 'may_object' | 'answered' | 'nothing'
export type AnswerKind = 'hand' | 'points' | 'continued'
export type RoundStep = { number: number; due_on: string; opened_at: string; closed_at: string | null; answers: number }
export type StepFacility = {
  facility_id: string; facility_name: string; provider: string; mode: FacilityMode; continue_by_points: boolean; chosen: boolean
  stand: FacilityStand; answer: AnswerKind | null; places: number; applicants: number; held: number; last: number
}
export type RoundSteps = {
  steps: RoundStep[]; open: number | null; overdue: boolean; done: boolean; steps_left: number | null; facilities: StepFacility[]; version: number
}
export type RoundChoice = { mode: FacilityMode; continue_by_points: boolean }
export type StaffRoundFacility = RoundChoice & { facility_id: string; facility_name: string; chosen: boolean; stand: FacilityStand | null; version: number }
export type StaffRound = {
  id: string; name: string; state: RoundState; key_date: string; start_on: string; step: RoundStep | null; may_choose: boolean; done: boolean
  facilities: StaffRoundFacility[]
}
export type ApplicantState = 'open' | 'held' | 'final' | 'elsewhere'
export type Applicant = {
  case_id: string; label: string; birth_date: string; points: number; breakdown: ScoreLine[]; points_place: number
  state: ApplicantState; next: boolean; care_from: string | null; hours_per_week: number | null; suggested: boolean; reason: DeviationReason | null
}
export type PoolBoard = {
  age_band: AgeBand; places: number; free: number; kept: number; applicants: Applicant[]
  starts: PoolOutcome['starts']; hours: PoolOutcome['hours']
}
export type RoundBoard = RoundChoice & {
  round_id: string; round_name: string; facility_id: string; facility_name: string; step: RoundStep | null; stand: FacilityStand
  provisional: boolean; done: boolean; steps_left: number | null; pools: PoolBoard[]; version: number
}
export type StepAnswer = { step: number; orders: { age_band: AgeBand; places: { case_id: string; reason: DeviationReason | null }[] }[] }
