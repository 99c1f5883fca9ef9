// The shapes of follow-up care as the pages use them; see types.ts for the manner.

export type AfterCare = 'kindergarten' | 'after_school'
export type FollowupState = 'proposed' | 'confirmed' | 'declined'
export type FollowupProposal = {
  child: string | null; facility_name: string; care_type: AfterCare; needed_from: string
  hours_per_week: number; facilities: string[]; state: FollowupState
}
export type FollowupAnswered = { confirmed: boolean; sent: boolean; demand_id: string | null }
export type FollowupDemand = {
  id: string; child_id: string; child: string; facility_name: string; care_type: AfterCare; needed_from: string
  facilities: string[]; state: FollowupState; demand_id: string | null; created_at: string; answered_at: string | null
}

export type SchoolEntryKind = 'deferral' | 'early' | 'by_rule'
export type SchoolEntry = {
  by_rule: string; entry_on: string; claim_from_entry: boolean; not_followed: number
  decision: { kind: SchoolEntryKind; decided_on: string; note: string | null; recorded_by: string | null; recorded_at: string } | null
}
