// The shapes of vacancies and follow-up lists as the pages use them; see types.ts for the manner.

import type { DeviationReason, ScoreLine } from './round-types'
import type { AgeBand, SiblingAnswer } from './types'

export type Skip = 'open_offer' | 'paused' | 'refused' | 'not_confirmed' | 'start' | 'hours' | 'stay' | 'residence' | 'siblings' | 'no_vacancy'
export type Vacancy = {
  facility_id: string
  facility_name: string
  age_band: AgeBand
  free_from: string | null
  free: number
  waiting: number
  passed_over: number
  next: { preference_id: string; label: string; points: number; care_from: string } | null
  may_offer: boolean
}
export type Followup = {
  preference_id: string
  position: number | null
  label: string
  birth_date: string
  reference_code: string | null
  desired_start: string
  latest_start: string | null
  hours_per_week: number | null
  legal_claim: boolean
  care_from: string
  rank: number
  points: number
  breakdown: ScoreLine[]
  lottery: string | null
  passed_over: Skip | null
  siblings: SiblingAnswer | null
  together_with: number
}
export type FollowupList = {
  facility_id: string
  facility_name: string
  age_band: AgeBand
  free_from: string | null
  free: number
  may_offer: boolean
  round_under_way: boolean
  items: Followup[]
}
export type FollowupInput = { preference_id: string; age_band: AgeBand; reason: DeviationReason | null; note: string | null }
export type FollowupOffered = { id: string; offer_id: string; position: number }
