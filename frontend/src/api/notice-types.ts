// The shapes of notices, of the register check and of a child's file as the pages use them; see types.ts for the manner.

import type { DemandState } from './types'

export type LicenceKind = 'licence_grant' | 'licence_refusal' | 'licence_end'
export type NoticeKind = 'refusal' | 'assignment' | 'voucher' | 'fee' | 'waiver' | 'waiver_refusal' | LicenceKind
export type NoticeState = 'drafted' | 'approved' | 'issued' | 'served' | 'final' | 'objected' | 'decided'
export type ObjectionOutcome = 'upheld' | 'granted' | 'partly'
export type NoticeText = { title: string; decision: string; reasons: string; remedy: string; objection_months: number }
export type Notice = {
  id: string
  demand_id: string | null
  child_id: string | null
  child_label: string | null
  fee_id: string | null
  reference_code: string | null
  kind: NoticeKind
  state: NoticeState
  file_number: string
  facility_id: string | null
  facility_name: string | null
  care_from: string | null
  licence_from: string | null
  licence_until: string | null
  licence_places: number | null
  licence_total: number | null
  replaces: string | null
  replaced_by: string | null
  title: string
  drafted_by: string
  drafted_at: string
  approved_by: string | null
  approved_at: string | null
  posted_on: string | null
  served_on: string | null
  objection_until: string | null
  objected_on: string | null
  objected_late: boolean
  objection_note: string | null
  decided_on: string | null
  outcome: ObjectionOutcome | null
  outcome_note: string | null
  version: number
}
export type FeeSum = { from_month: string; until_month: string; care: string; hours_per_week: number; cents: number }
export type FeeSumRelief = { from_month: string; until_month: string; reason: string; percent: number; full_cents: number }
export type FeeSums = {
  from_month: string
  care_from: string
  care_until: string
  hours_per_week: number
  child_position: number
  lone_parent: boolean
  income_up_to: number | null
  due_day: number
  periods: FeeSum[]
  reliefs: FeeSumRelief[]
  grounds: string[]
  note: string
  replaces: { file_number: string; posted_on: string | null } | null
}
export type NoticeDetail = Notice & { text: NoticeText; sums: FeeSums | null; template_version: number | null; may_approve: boolean }
export type NoticeInput = { demand_id: string; kind: NoticeKind; file_number: string | null; facility_id: string | null; care_from: string | null }
export type LicenceNoticeInput = {
  kind: LicenceKind
  file_number: string | null
  facility_id: string | null
  licence_from: string | null
  licence_until: string | null
  licence_places: number | null
  licence_total: number | null
}
export type NoticeTemplate = {
  id: string | null
  kind: NoticeKind
  version: number
  current: boolean
  text: NoticeText
  created_at: string | null
  created_by: string | null
}
export type NoticeTemplates = { items: NoticeTemplate[]; gaps: string[] }
export type OwnNotice = {
  id: string
  kind: NoticeKind
  state: NoticeState
  title: string
  file_number: string
  posted_on: string | null
  served_on: string | null
  objection_until: string | null
  replaced_by: string | null
}

export type RegisterResult = 'match' | 'no_match' | 'several' | 'unavailable' | 'pending'
export type RegisterList = { entries: number; uploaded_at: string; uploaded_by: string; usable: boolean }
export type Register = { list: RegisterList | null; usable_days: number }
export type RegisterImport = { entries: number; errors: { row: number; column: string; code: string; detail: string }[] }
export type CaseFileDemand = {
  id: string
  reference_code: string | null
  state: DemandState
  submitted_at: string | null
  desired_start: string | null
  legal_due_on: string | null
  register_mismatch: boolean
  register_result: RegisterResult | null
  register_checked_at: string | null
}
export type CaseFileEvent = {
  at: string
  subject: string
  kind: string
  state: string | null
  facility_name: string | null
  detail: string | null
  demand_id: string | null
  notice_id: string | null
  role: string
}
export type CaseFile = {
  id: string
  label: string
  birth_date: string | null
  expected_birth_date: string | null
  guardians: { name: string; valid_from: string; valid_to: string | null }[]
  address: { street: string; house_number: string; postal_code: string; city: string } | null
  address_protected: boolean
  demands: CaseFileDemand[]
  contracts: { id: string; facility_id: string; facility_name: string; state: string; care_from: string; care_until: string; hours_per_week: number }[]
  events: CaseFileEvent[]
}
