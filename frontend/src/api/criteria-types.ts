// The shapes of criteria and their scores; see types.ts for the manner.

import type { CriterionScope, EvidenceState } from './types'

export type CriterionSource =
  | 'asked' | 'asked_number' | 'sibling_there' | 'sibling_earlier' | 'was_here' | 'main_residence' | 'school_entry_soon'
  | 'preschool_without_place' | 'no_place_yet' | 'follow_up' | 'age_3_or_4' | 'age_5_or_older' | 'age_years'
export type SetPhase = 'draft' | 'coming' | 'in_force' | 'superseded' | 'withdrawn'
export type TieBreak = 'age_older' | 'age_younger' | 'registered_earlier' | 'lottery'
export type Points =
  | { kind: 'flat'; points: number }
  | { kind: 'per_unit'; points: number; most: number | null }
  | { kind: 'steps'; steps: { at_least: number; points: number }[] }
export type EvidenceRule = { kind: 'none' } | { kind: 'at_contract' } | { kind: 'within_days'; days: number } | { kind: 'by_date'; date: string }
export type ReserveType = 'hardship' | 'integration' | 'company'
export type Reserve = { type: ReserveType; seats: number; per: 'group' | 'facility' }
export type RuleInput = { criterion_id: string; points: Points; rank: number; best_of: string | null; evidence: EvidenceRule; reserve: Reserve | null }
export type CriteriaRule = RuleInput & { code: string; title: string; hint: string; evidence_text: string; source: CriterionSource; scope: CriterionScope }
export type CriteriaSet = {
  id: string; provider_id: string | null; provider_name: string | null; number: number; name: string; phase: SetPhase
  valid_from: string | null; valid_until: string | null; tie_breaks: TieBreak[]; template: string | null
  published_at: string | null; version: number
}
export type CourtWarning = { code: string; criterion_id: string; title: string; why: string; source: string }
export type CriteriaSetDetail = CriteriaSet & { rules: CriteriaRule[]; warnings: CourtWarning[]; acknowledged: { code: string; reason: string }[] }
export type PublishedSet = CriteriaSet & { rules: CriteriaRule[] }
export type CriteriaTemplate = { code: string; name: string; note: string; rules: { code: string; title: string; points: Points; rank: number }[]; tie_breaks: TieBreak[] }
export type ScoreOutcome = 'counted' | 'does_not_hold' | 'rejected' | 'evidence_missing' | 'evidence_expired' | 'better_alternative'
export type ScoreLine = {
  code: string; title: string; outcome: ScoreOutcome; points: number; rank: number; number: number | null
  evidence_state: EvidenceState | null; evidence_due: string | null
}
export type Score = {
  set_id: string; set_name: string; set_number: number; provider_name: string | null; counts_on: string; counted_at: string
  rank: number; points: number; tie_breaks: TieBreak[]; lines: ScoreLine[]
}
export type SampleFamily = { letter: string; text: string; place: number; rank: number; points: number; lines: ScoreLine[] }
export type CriteriaPreview = { families: SampleFamily[]; warnings: CourtWarning[] }
