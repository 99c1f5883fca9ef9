import type { NoticeState } from './notice-types'
import type { components } from './schema'

type Schemas = components['schemas']
export type FeeCare = Schemas['FeeCare']
export type FeeRow = { care: FeeCare; hours_per_week: number; income_up_to: number | null; lone_parent: boolean; child: number; cents: number }
export type FeeBase = { care: FeeCare; cents: number; full_hours: number; hours_per_week: number[] }
export type FeeFactor = { lone_parent: boolean; child: number; percent: number }
export type FeeTableInput = { kind: 'formula'; bases: FeeBase[]; factors: FeeFactor[] } | { kind: 'rows'; rows: FeeRow[] }
export type PublicFees = { id: string; name: string; legal_basis: string; due_day: number; valid_from: string; valid_until: string | null; rows: FeeRow[] }
export type FeeSchedule = Omit<PublicFees, 'valid_from'> & {
  number: number
  state: 'draft' | 'published' | 'withdrawn'
  valid_from: string | null
  in_force: boolean
  formula: FeeTableInput | null
  published_at: string | null
  version: number
}
export type FeeTemplate = { code: string; name: string; legal_basis: string; table: FeeTableInput }
export type ReliefReason = 'citizens_income' | 'social_assistance' | 'asylum_benefits' | 'child_supplement' | 'housing_benefit' | 'hardship' | 'foster_care' | 'statute'
export type PeriodRelief = { reason: ReliefReason; percent: number; full_cents: number }
export type FeeRelief = {
  id: string
  contract_id: string
  reason: ReliefReason
  percent: number
  from_month: string
  until_month: string
  evidence_on: string | null
  note: string
  decided_by: string
  decided_at: string
  revoked_at: string | null
  version: number
}
export type FeePeriod = { from_month: string; until_month: string; care: FeeCare; hours_per_week: number; cents: number; schedule_id: string; relief: PeriodRelief | null }
export type FeeNotice = { id: string; state: NoticeState; posted_on: string | null; served_on: string | null; objection_until: string | null; replaced_by: string | null }
export type Fee = {
  id: string
  contract_id: string
  from_month: string
  child_position: number
  lone_parent: boolean
  income_up_to: number | null
  periods: FeePeriod[]
  note: string
  issued_at: string | null
  file_number: string | null
  notice: FeeNotice | null
  version: number
}
export type ContractFee = {
  contract_id: string
  child_id: string
  child: string
  facility_name: string
  care_from: string
  care_until: string
  hours_per_week: number
  suggested_position: number
  notice: Fee | null
  outdated: boolean
  draft: Fee | null
  reliefs: FeeRelief[]
}
export type MyFee = { child_id: string; child: string; facility_name: string; notice: Fee }
export type Receivable = { file_number: string; reference_code: string | null; debtors: string[]; facility_name: string; month: string; cents: number; relief: PeriodRelief | null; currency: string }
