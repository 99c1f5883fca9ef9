import type { Demand, Family } from '../../api/types'

export const STEPS = ['kind', 'betreuung', 'betreuung/beginn', 'betreuung/zeiten', 'wuensche', 'situation', 'situation/anspruch', 'pruefen'] as const
export type Step = (typeof STEPS)[number]
export type TaskState = 'done' | 'partly' | 'open'

/** The page after this one. */
export function stepAfter(step: Step): Step {
  return STEPS[STEPS.indexOf(step) + 1] ?? 'pruefen'
}

const judge = (answers: unknown[]): TaskState => {
  const given = answers.filter((answer) => answer !== null && answer !== undefined && answer !== '').length
  return given === answers.length ? 'done' : given > 0 ? 'partly' : 'open'
}
export const childState = (family: Family, demand: Demand): TaskState => {
  const child = family.children.find((entry) => entry.id === demand.child.id)
  return judge([child?.birth_date ?? child?.expected_birth_date])
}
export const dataState = (family: Family): TaskState => judge([family.guardian, family.household])
export const careState = (demand: Demand): TaskState =>
  judge([demand.care_type, demand.desired_start, demand.hours_per_week, demand.window_from, demand.window_to])
export const wishState = (demand: Demand): TaskState => judge([demand.preferences[0]])

/** On which page the answer stands that the server complains about. */
export function stepOfField(fieldName: string): Step | 'daten' {
  const first = fieldName.split('.')[0] ?? ''
  if (first === 'care_type') return 'betreuung'
  if (first === 'desired_start' || first === 'latest_start') return 'betreuung/beginn'
  if (['hours_per_week', 'least_hours', 'times_first', 'window_from', 'window_to'].includes(first)) return 'betreuung/zeiten'
  if (first === 'preferences' || first === 'facility_ids' || first === 'ways') return 'wuensche'
  if (first === 'facts') return 'situation'
  if (first === 'legal_claim') return 'situation/anspruch'
  if (['guardian', 'household'].includes(first)) return 'daten'
  return 'kind'
}
