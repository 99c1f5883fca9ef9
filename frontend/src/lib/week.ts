// The days of a week from Monday to Friday with their times, as contracts agree them.

import type { DayTimes } from '../api/types'

export const WEEKDAYS = [1, 2, 3, 4, 5]

/** "Montag" or "Mo" of 1. */
export function weekdayName(weekday: number, language: string, weekday_form: 'long' | 'short' = 'long'): string {
  // 1 January 2024 is a Monday.
  return new Intl.DateTimeFormat(language, { weekday: weekday_form, timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)))
}

/** Days that follow one another: "Mo–Do", "Montag bis Donnerstag", "Fr". */
export function weekdaySpan(days: number[], language: string, to: string, form: 'long' | 'short' = 'short'): string {
  const [first, last] = [days[0] ?? 1, days.at(-1) ?? 1]
  return first === last ? weekdayName(first, language, form) : `${weekdayName(first, language, form)}${to}${weekdayName(last, language, form)}`
}

/** "Mo–Do 07:30–15:00, Fr 07:30–13:00": days that follow one another with the same times stand together. */
export function weekText(week: DayTimes[], language: string): string {
  const parts: { days: number[]; times: string }[] = []
  for (const { weekday, from, to } of week) {
    const times = `${from}–${to}`
    const last = parts.at(-1)
    if (last && last.times === times && last.days.at(-1) === weekday - 1) last.days.push(weekday)
    else parts.push({ days: [weekday], times })
  }
  // A day and its times stay on one line.
  return parts.map(({ days, times }) => `${weekdaySpan(days, language, '–')}\u00a0${times}`).join(', ')
}

/** The ten times of day that the database keeps, two for each day, as days with their times. */
export const daysOf = (times: (string | null)[]): DayTimes[] =>
  WEEKDAYS.flatMap((weekday) => {
    const [from, to] = [times[2 * weekday - 2], times[2 * weekday - 1]]
    return from && to ? [{ weekday, from: from.slice(0, 5), to: to.slice(0, 5) }] : []
  })

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/** All minutes of these days; a day that is not filled in, or ends before it begins, counts nothing. */
export const minutesOf = (days: { from: string; to: string }[]): number =>
  days.reduce((sum, { from, to }) => sum + (from && to ? Math.max(0, minuteOf(to) - minuteOf(from)) : 0), 0)

/** "35:30" of 2130. */
export const hoursText = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
