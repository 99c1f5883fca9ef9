import { ApiError, type ApiClient } from '../../api/client'
import type { PreferenceState, RefuseReason, StaffPreference } from '../../api/types'

export type Step = 'review' | 'invite' | 'waitlist' | 'refuse' | 'offer' | 'reopen'

// What a facility may do from each state; the same as the state machine of the server, which has the last word.
const FROM: Record<Step, readonly PreferenceState[]> = {
  review: ['received'],
  invite: ['received', 'under_review'],
  waitlist: ['received', 'under_review', 'invited'],
  offer: ['received', 'under_review', 'invited', 'waitlisted'],
  refuse: ['received', 'under_review', 'invited', 'waitlisted'],
  reopen: ['invited', 'waitlisted', 'refused'],
}
export const can = (step: Step, state: PreferenceState): boolean => FROM[step].includes(state)

export type StepBody = { note?: string | null; reason?: RefuseReason }
export function take(api: ApiClient, row: Pick<StaffPreference, 'id' | 'version'>, step: Exclude<Step, 'offer'>, body: StepBody = {}): Promise<StaffPreference> {
  return api.post<StaffPreference>(`/staff/preferences/${row.id}/${step}`, body, { version: row.version })
}

export type BulkResult = { done: StaffPreference[]; failed: { row: StaffPreference; error: ApiError }[] }
/** One after the other, so that a refusal of one does not stop the rest and each answer is known. */
export async function takeAll(api: ApiClient, rows: StaffPreference[], step: Exclude<Step, 'offer'>, body: StepBody = {}): Promise<BulkResult> {
  const result: BulkResult = { done: [], failed: [] }
  for (const row of rows) {
    try {
      result.done.push(await take(api, row, step, body))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      result.failed.push({ row, error })
    }
  }
  return result
}
