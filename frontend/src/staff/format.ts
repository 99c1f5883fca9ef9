import { useTranslation } from 'react-i18next'
import { daysBetween, formatDateTime, formatMonth, formatShortDate, formatWeekday, today } from '../lib/dates'
import { weekText } from '../lib/week'
import type { DayTimes } from '../api/types'

/** Short forms for dense tables, in the language of the page. */
export function useFormat() {
  const { t, i18n } = useTranslation('staff')
  const language = i18n.language
  return {
    date: (iso: string | null | undefined) => formatShortDate(iso, language),
    dateTime: (instant: string | null | undefined) => formatDateTime(instant, language),
    month: (iso: string) => formatMonth(iso, language),
    weekday: (iso: string) => formatWeekday(iso, language),
    shortWeekday: (iso: string) => new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)),
    shortMonth: (iso: string) =>
      new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(new Date(`${iso.slice(0, 7)}-01T00:00:00Z`)),
    number: (value: number) => new Intl.NumberFormat(language).format(value),
    /** 31 → "2 J. 7 M." */
    age: (months: number | null) => {
      if (months === null) return '–'
      const [years, rest] = [Math.floor(months / 12), months % 12]
      return years === 0 ? t('age.months', { months: rest }) : rest === 0 ? t('age.whole', { years }) : t('age.years', { years, months: rest })
    },
    window: (from: string | null, to: string | null) => (from && to ? `${from.slice(0, 5)}–${to.slice(0, 5)}` : '–'),
    /** The times of a contract: day by day, or the same on every day. */
    times: (of: { window_from: string | null; window_to: string | null; week: DayTimes[] | null }) =>
      of.week ? weekText(of.week, language) : of.window_from && of.window_to ? `${of.window_from.slice(0, 5)}–${of.window_to.slice(0, 5)}` : '–',
    /** "in 3 Tagen", "seit 2 Tagen überfällig" */
    due: (iso: string) => {
      const days = daysBetween(today(), iso)
      if (days < 0) return t('due.over', { count: -days })
      return days === 0 ? t('due.today') : t('due.in', { count: days })
    },
    isOver: (iso: string | null) => iso !== null && daysBetween(today(), iso) < 0,
    isSoon: (iso: string | null) => iso !== null && daysBetween(today(), iso) <= 7,
  }
}
