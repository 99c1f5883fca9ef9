// The shapes of custody, protected addresses and a child's events as the pages use them; see types.ts for the manner.

export type CustodyReason = 'second_parent' | 'court_decision' | 'declaration' | 'guardianship' | 'foster_care' | 'adoption' | 'death' | 'correction'
export type CustodyTime = {
  id: string
  guardian_id: string
  name: string
  has_account: boolean
  valid_from: string
  valid_to: string | null
  holds_today: boolean
  version: number
  contact: { first_name: string; last_name: string; phone: string | null; email: string | null; language: string; version: number } | null
  household_id: string | null
  household_version: number | null
  address_protected: boolean
  case_worker_name: string | null
  case_is_mine: boolean
}
export type RestrictionGround = 'accuracy' | 'unlawful' | 'legal_claim' | 'objection'
export type RetentionClass = 'care_sheet' | 'survey' | 'draft' | 'mandate' | 'decision' | 'unserved' | 'served' | 'licence' | 'family' | 'account' | 'undelivered' | 'sent' | 'audit' | 'job'
export type RetentionBody = {
  classes: { class: RetentionClass; period: number; unit: 'days' | 'months'; cutoff: string; due: number; since: string | null }[]
  log: { at: string; run_id: string; class: string; cutoff: string; deleted: number }[]
}
export type CustodyList = {
  child_version: number
  restricted: RestrictionGround | null
  items: CustodyTime[]
  changes: { at: string; guardian_id: string; valid_from: string; valid_to: string | null; reason: CustodyReason; by: string | null }[]
}
export type CustodyInput = {
  first_name: string; last_name: string; phone: string | null; email: string | null; language: string
  valid_from: string; valid_to: string | null; reason: CustodyReason
}
export type CustodyChangeInput = { valid_from: string; valid_to: string | null; reason: CustodyReason }
export type ProtectedAddress = { street: string; house_number: string; postal_code: string; city: string }
export type AddressPurpose = 'letter' | 'register_check' | 'authority' | 'emergency'
export type ChildAccess = {
  id: string
  at: string
  by: 'own' | 'guardian' | 'counsellor' | 'staff' | 'machine' | 'automatic'
  role: string | null
  place: string | null
  action: string
  changed: boolean | null
  reason: string | null
  on_behalf_of: string | null
}
