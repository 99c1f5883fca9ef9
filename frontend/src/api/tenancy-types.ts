// The shapes of what a municipality sets for itself; see types.ts for the manner.

import type { CriterionSource } from './criteria-types'
import type { AllocationMode, CriterionScope } from './types'

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
  letter_grace_days: number
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
