import { useTranslation } from 'react-i18next'
import type { FeeCare, FeeRow } from '../../api/fee-types'

export const CARES: FeeCare[] = ['nursery', 'kindergarten', 'after_school']

/** "207,52" or "207.52" → 20752; null for what is no amount. */
export function toCents(text: string): number | null {
  const found = /^\s*(\d{1,5})(?:[.,](\d{1,2}))?\s*€?\s*$/.exec(text)
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

/** 20752 → "207,52", for a field. */
export const fromCents = (cents: number): string => `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, '0')}`

/** "20, 25 30" → [20, 25, 30]; null when something else stands there. */
export function toHours(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean)
  const numbers = parts.map(Number)
  return parts.length > 0 && numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= 60) ? [...new Set(numbers)].sort((a, b) => a - b) : null
}

export type Situation = { care: FeeCare; hours: number; income: number | null; lone: boolean; child: number }

const euros = (row: FeeRow): number => row.income_up_to ?? Number.MAX_SAFE_INTEGER

/** The row of a table for a family, by the rule of the server: the next larger hours, the bracket of the income, the last child for all after it. */
export function findRow(rows: FeeRow[], { care, hours, income, lone, child }: Situation): FeeRow | null {
  const here = rows.filter((row) => row.care === care)
  const mine = here.filter((row) => row.lone_parent === (lone && here.some((other) => other.lone_parent)))
  const last = Math.max(0, ...mine.map((row) => row.child))
  const fits = mine.filter((row) => row.child === Math.min(child, last) && row.hours_per_week >= hours && euros(row) >= (income ?? Number.MAX_SAFE_INTEGER))
  return fits.sort((a, b) => a.hours_per_week - b.hours_per_week || euros(a) - euros(b))[0] ?? null
}

export const incomesOf = (rows: FeeRow[]): number[] => [...new Set(rows.flatMap((row) => row.income_up_to ?? []))].sort((a, b) => a - b)
export const hoursOf = (rows: FeeRow[], care: FeeCare): number[] => [...new Set(rows.filter((row) => row.care === care).map((row) => row.hours_per_week))].sort((a, b) => a - b)

export function useMoney() {
  const { t, i18n } = useTranslation('fees')
  const format = (value: number, digits: number) => new Intl.NumberFormat(i18n.language, { style: 'currency', currency: 'EUR', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
  return {
    euros: (cents: number) => format(cents / 100, 2),
    amount: (cents: number) => (cents === 0 ? t('free') : format(cents / 100, 2)),
    income: (value: number | null) => (value === null ? t('income.highest') : t('income.upTo', { amount: format(value, 0) })),
    care: (care: FeeCare) => t(`care.${care}`),
    family: (lone: boolean, child: number) => t(lone ? 'family.lone' : 'family.both', { child: t('child', { n: child }) }),
  }
}
