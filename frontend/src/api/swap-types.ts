// The shapes of swaps of places as the pages use them; see types.ts for the manner.

export type SwapState = 'open' | 'done' | 'declined' | 'expired' | 'void'
export type SwapCandidate = { key: string; earliest_day: string; moves: { child_id: string; child: string; from_facility: string; to_facility: string; rank: number }[] }
export type SwapCandidates = { wishers: number; total: number; items: SwapCandidate[] }
export type OfficeSwap = {
  id: string; state: SwapState; swap_on: string; deadline_on: string; created_at: string
  parts: OfficeSwapPart[]
}
export type OfficeSwapPart = {
  id: string; child_id: string; child: string; from_facility: string; to_facility: string; family_answer: boolean | null; site_answer: boolean | null
  /** A guardian with custody has an account and answers there; otherwise the office enters what the family says. */
  has_account: boolean
  /** After the deadline: until when a letter that arrived in time can still be entered. */
  letter_until: string | null
}
/** The part of a swap that concerns who asks. */
export type SwapPart = {
  id: string; state: SwapState; swap_on: string; deadline_on: string; children: number; missing: number
  child_id: string; child: string; birth_date: string; hours_per_week: number
  from_facility: string | null; to_facility: string; answer: boolean | null; may_answer: boolean
}
