// The shapes of follow-up care as the pages use them; see types.ts for the manner.
import type { ContractState, Page } from './types'

export type AfterCare = 'kindergarten' | 'after_school'
export type FollowupState = 'proposed' | 'confirmed' | 'declined'
export type FollowupProposal = {
  child: string | null; facility_name: string; care_type: AfterCare; needed_from: string
  hours_per_week: number; facilities: string[]; state: FollowupState
}
export type FollowupAnswered = { confirmed: boolean; sent: boolean; demand_id: string | null }
export type FollowupDemand = {
  id: string; child_id: string; child: string; facility_name: string; care_type: AfterCare; needed_from: string
  facilities: string[]; state: FollowupState; demand_id: string | null; has_account: boolean; created_at: string; answered_at: string | null
}

export type SchoolEntryKind = 'deferral' | 'early' | 'by_rule'
export type SchoolEntry = {
  by_rule: string; entry_on: string; claim_from_entry: boolean; not_followed: number
  decision: { kind: SchoolEntryKind; decided_on: string; note: string | null; recorded_by: string | null; recorded_at: string } | null
}

/** Why no change of a contract is drafted. */
export type Hindrance = 'not_agreed' | 'change_open' | 'too_late' | 'no_place' | 'overlaps' | 'not_listed'
/** A contract whose end is the usual one by another rule of school entry. */
export type OtherEnd = {
  contract_id: string; child_id: string; child: string; facility_id: string; facility_name: string; state: ContractState
  care_from: string; last_day: string; usual_last_day: string; hindrance: Hindrance | null
}
export type OtherEndPage = Page<OtherEnd> & { total: number; children: number; individual: number }
export type DraftedEnds = {
  drafted: number
  items: { contract_id: string; child: string | null; facility_name: string | null; hindrance: Hindrance | null }[]
}
