import type { CareType, IntakeInput, SiblingAnswer } from '../../api/types'
import { EMPTY_DATE, isEmptyDate, today, toIso, toParts, type DateParts } from '../../lib/dates'

export type Wish = { id: string; name: string }
export type IntakeValues = {
  received: DateParts
  first: string; last: string; email: string; phone: string; language: string
  street: string; number: string; postal: string; city: string; protected: boolean
  unborn: boolean; childFirst: string; childLast: string; born: DateParts; expected: DateParts
  careType: CareType | ''; start: DateParts; latest: DateParts; hours: string; least: string; from: string; to: string
  siblings: SiblingAnswer | 'none'; claim: boolean; facts: string[]; numbers: Record<string, string>; wishes: Wish[]
}
export const EMPTY_INTAKE: IntakeValues = {
  received: toParts(today()), first: '', last: '', email: '', phone: '', language: 'de',
  street: '', number: '', postal: '', city: '', protected: false,
  unborn: false, childFirst: '', childLast: '', born: EMPTY_DATE, expected: EMPTY_DATE,
  careType: '', start: EMPTY_DATE, latest: EMPTY_DATE, hours: '', least: '', from: '', to: '',
  siblings: 'none', claim: false, facts: [], numbers: {}, wishes: [],
}

export type IntakeError = 'need' | 'date' | 'email' | 'postal' | 'hours' | 'least' | 'window' | 'wishes' | 'future' | 'latest'
/** What is missing or wrong, by the name of the field as the API names it. */
export function checkIntake(values: IntakeValues): Record<string, IntakeError> {
  const errors: Record<string, IntakeError> = {}
  const need = (field: string, text: string) => { if (!text.trim()) errors[field] = 'need' }
  const received = toIso(values.received)
  if (!received) errors['received_at'] = 'date'
  else if (received > today()) errors['received_at'] = 'future'
  need('guardian.first_name', values.first)
  need('guardian.last_name', values.last)
  if (values.email && !/^\S+@\S+\.\S+$/.test(values.email.trim())) errors['guardian.email'] = 'email'
  need('household.street', values.street)
  need('household.house_number', values.number)
  need('household.city', values.city)
  if (!/^\d{5}$/.test(values.postal.trim())) errors['household.postal_code'] = 'postal'
  if (!values.unborn) need('child.first_name', values.childFirst)
  if (!toIso(values.unborn ? values.expected : values.born)) errors[values.unborn ? 'child.expected_birth_date' : 'child.birth_date'] = 'date'
  if (!values.careType) errors['demand.care_type'] = 'need'
  const start = toIso(values.start)
  const latest = toIso(values.latest)
  if (!start) errors['demand.desired_start'] = 'date'
  if (!isEmptyDate(values.latest) && (!latest || (start && latest < start))) errors['demand.latest_start'] = 'latest'
  const hours = Number(values.hours.replace(',', '.'))
  if (!(hours > 0 && hours <= 60)) errors['demand.hours_per_week'] = 'hours'
  if (values.least.trim() && !(Number(values.least) >= 1 && Number(values.least) <= hours)) errors['demand.least_hours'] = 'least'
  if (!values.from || !values.to || values.to <= values.from) errors['demand.window_from'] = 'window'
  if (values.wishes.length === 0) errors['facility_ids'] = 'wishes'
  return errors
}

const orNull = (text: string): string | null => text.trim() || null
export function toIntake(values: IntakeValues): IntakeInput {
  return {
    guardian: { first_name: values.first.trim(), last_name: values.last.trim(), email: orNull(values.email), phone: orNull(values.phone), language: values.language },
    household: { street: values.street.trim(), house_number: values.number.trim(), postal_code: values.postal.trim(), city: values.city.trim(), address_protected: values.protected },
    child: {
      first_name: values.unborn ? null : orNull(values.childFirst), last_name: values.unborn ? null : orNull(values.childLast), sex: null,
      birth_date: values.unborn ? null : toIso(values.born), expected_birth_date: values.unborn ? toIso(values.expected) : null,
    },
    demand: {
      care_type: values.careType || 'nursery', desired_start: toIso(values.start) ?? '', latest_start: toIso(values.latest),
      hours_per_week: Number(values.hours.replace(',', '.')), least_hours: values.least.trim() ? Number(values.least) : null, window_from: values.from, window_to: values.to,
      legal_claim: values.claim,
      facts: [
        ...values.facts.map((criterion_id) => ({ criterion_id, claimed: true, number: null })),
        ...Object.entries(values.numbers).flatMap(([criterion_id, text]) => (/^\d{1,4}$/.test(text.trim()) ? [{ criterion_id, claimed: true, number: Number(text) }] : [])),
      ],
    },
    facility_ids: values.wishes.map((wish) => wish.id),
    siblings: values.siblings === 'none' ? null : values.siblings,
    // Noon in Germany is the same day everywhere in Germany, in summer and in winter.
    received_at: `${toIso(values.received) ?? today()}T11:00:00Z`,
  }
}
