// Plain dates have no time zone and are formatted as UTC; instants are shown as Berlin sees them.

export type DateParts = { day: string; month: string; year: string }
export const EMPTY_DATE: DateParts = { day: '', month: '', year: '' }

export function toParts(iso: string | null | undefined): DateParts {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? '')
  if (!match) return EMPTY_DATE
  return { year: match[1] ?? '', month: String(Number(match[2])), day: String(Number(match[3])) }
}

export const isEmptyDate = (parts: DateParts): boolean => !parts.day.trim() && !parts.month.trim() && !parts.year.trim()

/** The ISO date, or null when the parts are empty or name no day of the calendar (31 February). */
export function toIso(parts: DateParts): string | null {
  const [day, month, year] = [Number(parts.day), Number(parts.month), Number(parts.year)]
  if (!/^\d{4}$/.test(parts.year.trim()) || !Number.isInteger(day) || !Number.isInteger(month)) return null
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.toISOString().slice(0, 10)
}

const asDate = (iso: string): Date => new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso)
const zoneOf = (iso: string): string => (iso.length === 10 ? 'UTC' : 'Europe/Berlin')

/** A day stays with its month when a line ends: "7." alone says nothing. */
const joined = (date: string): string => date.replace(/(\d\.) (?=\p{L})/u, '$1\u00a0')

/** English as Europe writes it: of 02/01/2027 nobody should think that it is in February. */
const region = (language: string): string => (language === 'en' ? 'en-GB' : language)

/** 1. Februar 2027 */
export function formatDate(iso: string | null | undefined, language: string): string {
  if (!iso) return ''
  return joined(new Intl.DateTimeFormat(region(language), { day: 'numeric', month: 'long', year: 'numeric', timeZone: zoneOf(iso) }).format(asDate(iso)))
}
/** 01.02.2027, for tables */
export function formatShortDate(iso: string | null | undefined, language: string): string {
  if (!iso) return ''
  return new Intl.DateTimeFormat(region(language), { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: zoneOf(iso) }).format(asDate(iso))
}
/** Montag, 1. Februar 2027 */
export function formatWeekday(iso: string | null | undefined, language: string): string {
  if (!iso) return ''
  return joined(new Intl.DateTimeFormat(region(language), { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zoneOf(iso) }).format(asDate(iso)))
}
export function formatMonth(iso: string, language: string): string {
  const full = iso.length === 7 ? `${iso}-01` : iso
  return new Intl.DateTimeFormat(region(language), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(asDate(full))
}
export function formatTime(instant: string | Date, language: string): string {
  const date = typeof instant === 'string' ? new Date(instant) : instant
  return new Intl.DateTimeFormat(region(language), { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Berlin' }).format(date)
}
export function formatDateTime(instant: string | null | undefined, language: string): string {
  if (!instant) return ''
  return `${formatDate(instant, language)}, ${formatTime(instant, language)}`
}

/** Today in Berlin as an ISO date. */
export function today(now: Date = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(now)
}
export function addDays(iso: string, days: number): string {
  const date = asDate(iso.slice(0, 10))
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** The last day of a time that ends before a day: the interface says until when, the contract of the service from when on no more. */
export const lastDay = (until: string): string => addDays(until, -1)
export function addMonths(iso: string, months: number): string {
  const date = asDate(iso.slice(0, 10))
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.toISOString().slice(0, 10)
}
/** Whole months from one date to another; negative when `to` is earlier. */
export function monthsBetween(from: string, to: string): number {
  const [a, b] = [asDate(from), asDate(to)]
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth()
  return b.getUTCDate() < a.getUTCDate() ? months - 1 : months
}
export const daysBetween = (from: string, to: string): number =>
  Math.round((asDate(to.slice(0, 10)).getTime() - asDate(from.slice(0, 10)).getTime()) / 86_400_000)
