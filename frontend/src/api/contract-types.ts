// The shapes of contracts and their words as the pages use them; see types.ts for the manner.

import type { Contract, DayTimes, NoticeTo, TimesInput } from './types'

export type TextBlock =
  | { kind: 'heading' | 'subheading' | 'paragraph'; text: string }
  | { kind: 'list'; items: string[] }
export type SigningWay = 'code' | 'second_factor' | 'paper' | 'account'
export type ContractSignature = { side: 'guardian' | 'provider'; name: string; way: SigningWay; signed_on: string; own: boolean }
/** A guardian without an account, who signs on paper. */
export type PaperSigner = { guardian_id: string; name: string }
export type ContractDetail = Contract & {
  text: TextBlock[]
  words_version: string | null
  notice_months: number; notice_to: NoticeTo; notice_not_last_months: number
  signatures: ContractSignature[]
  missing: string[]
  on_paper: PaperSigner[]
  may_sign: boolean
  /** Notice would end it no sooner than it ends anyway. */
  only_by_agreement: boolean
  may_withdraw: boolean
  earliest_last_day: string | null
  amendments: ContractAmendment[]
  may_change: boolean
  /** A guardian with custody has an account and gives notice there; otherwise the facility enters the family's notice on paper. */
  has_account: boolean
}
export type AgreedTerms = { hours_per_week: number; window_from: string | null; window_to: string | null; week: DayTimes[] | null; last_day: string }
export type AmendmentState = 'drafted' | 'sent' | 'signed_by_guardians' | 'signed_by_provider' | 'terminated'
/** A change of an agreed contract, beside what was agreed before. */
export type ContractAmendment = {
  number: number
  state: AmendmentState
  valid_from: string
  before: AgreedTerms
  after: AgreedTerms
  group_id: string | null
  group_name: string | null
  note: string | null
  sent_at: string | null
  signatures: ContractSignature[]
  missing: string[]
  on_paper: PaperSigner[]
  may_sign: boolean
}
export type AmendmentTerms = TimesInput & {
  valid_from: string
  last_day: string | null
  group_id: string | null
  note: string | null
}
export type ContractTerms = TimesInput & {
  care_from: string
  settling_in_weeks: number
  note: string | null
}
export type ContractTemplate = {
  id: string
  provider_id: string | null
  provider_name: string | null
  number: number
  name: string
  notice_months: number; notice_to: NoticeTo; notice_not_last_months: number
  state: 'draft' | 'published' | 'withdrawn'
  valid_from: string | null
  in_force: boolean
  may_edit: boolean
  version: number
}
export type ContractTemplateDetail = ContractTemplate & { body: string; placeholders: string[] }
