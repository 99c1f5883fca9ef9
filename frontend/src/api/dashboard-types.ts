// The shapes of the office's dashboard as the pages use them; see types.ts for the manner.

import type { AgeBand } from './types'

export type ClaimsDue = { code: 'overdue' | 'days_30' | 'days_90' | 'later'; due_from: string | null; due_to: string | null; count: number }
export type OfficeDashboard = {
  notice_period_months: number
  claims: ClaimsDue[]
  unserved: {
    total: number
    by_age: { age_band: AgeBand; count: number }[]
    by_month: { month: string; until: string; count: number }[]
    by_district: { district: string | null; count: number }[]
  }
  exceptions: { register_mismatches: number; notices_to_approve: number; notices_to_post: number; objections: number; deviations: number
    guests_open: number; consents_ending: number; consents_lapsed: number; moves_overdue: number; old_school_ends: number; absences_uncovered: number }
  full_day_claim: { entry_year: number; children: number; waiting: number; placed: number }[]
  silent_facilities: number
  dead_letters: number
  letters_to_print: number
}
