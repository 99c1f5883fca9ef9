// The shapes of mandates as the pages use them; see types.ts for the manner.

export type MandateState = 'offered' | 'active' | 'expired' | 'ended'
export type Mandate = {
  id: string; guardian_id: string; family_name: string
  name: string; email: string; may_act: boolean
  valid_from: string; valid_until: string; on_paper: boolean
  state: MandateState; accepted_at: string | null; ended_at: string | null; ended_by: 'family' | 'counsellor' | 'office' | null
  children: { id: string; label: string }[]
  version: number
}
export type NewMandate = { name: string; email: string; may_act: boolean; valid_until: string; child_ids: string[] }
export type PaperMandate = NewMandate & { guardian_id: string }
