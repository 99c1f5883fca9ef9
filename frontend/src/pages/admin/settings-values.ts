import type { AllocationMode, Settings } from '../../api/types'
import { today, toIso, toParts, type DateParts } from '../../lib/dates'
import { monthDay, toMonthDay } from './month-day'

export const NUMBERS = {
  earliest_application_days_before_birth: [0, 300], earliest_start_age_months: [0, 36], notice_period_months: [0, 24],
  max_preferences: [1, 20], earliest_contract_months: [0, 36], renewal_interval_months: [1, 36],
  offer_window_days: [1, 90], letter_grace_days: [0, 30], answer_clock_days: [1, 365], receipt_clock_days: [1, 90], stale_after_days: [1, 365], second_factor_grace_days: [0, 90],
} as const
export type NumberName = keyof typeof NUMBERS
export const SWITCHES = ['ranking', 'parallel_offers', 'followup_automatic', 'residency_required', 'confirm_automatically', 'second_factor_required_for_staff'] as const
export type SwitchName = (typeof SWITCHES)[number]

export type Values = Record<NumberName, string> & Record<SwitchName, boolean> & {
  valid_from: DateParts; allocation_mode: AllocationMode; key_date: DateParts; kita_year_start: DateParts; default_language: string; languages: string[]
}
export function toValues(settings: Settings, from = today()): Values {
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, String(settings[name as NumberName] ?? '')])) as Record<NumberName, string>
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, settings[name]])) as Record<SwitchName, boolean>
  return {
    ...numbers, ...switches, valid_from: toParts(from), allocation_mode: settings.allocation_mode, key_date: monthDay(settings.key_date),
    kita_year_start: monthDay(settings.kita_year_start), default_language: settings.default_language, languages: settings.languages,
  }
}
export function toSettings(values: Values): Omit<Settings, 'retention' | 'after'> {
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, Number(values[name as NumberName])])) as Record<NumberName, number>
  const switches = Object.fromEntries(SWITCHES.map((name) => [name, values[name]])) as Record<SwitchName, boolean>
  return {
    ...numbers, ...switches, renewal_interval_months: values.renewal_interval_months.trim() ? Number(values.renewal_interval_months) : null,
    allocation_mode: values.allocation_mode, key_date: toMonthDay(values.key_date), kita_year_start: toMonthDay(values.kita_year_start) ?? '',
    default_language: values.default_language, languages: values.languages,
  }
}

export type SettingsProblem = { code: 'range' | 'past' | 'date' | 'language'; low?: number; high?: number }
export function checkSettings(values: Values): Record<string, SettingsProblem> {
  const errors: Record<string, SettingsProblem> = {}
  for (const [name, [low, high]] of Object.entries(NUMBERS)) {
    const text = values[name as NumberName].trim()
    if (name === 'renewal_interval_months' && text === '') continue
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < low || number > high) errors[`settings.${name}`] = { code: 'range', low, high }
  }
  const from = toIso(values.valid_from)
  if (!from) errors['valid_from'] = { code: 'date' }
  else if (from < today()) errors['valid_from'] = { code: 'past' }
  if ((values.key_date.day || values.key_date.month) && !toMonthDay(values.key_date)) errors['settings.key_date'] = { code: 'date' }
  if (!toMonthDay(values.kita_year_start)) errors['settings.kita_year_start'] = { code: 'date' }
  if (!values.languages.includes(values.default_language)) errors['settings.default_language'] = { code: 'language' }
  return errors
}
