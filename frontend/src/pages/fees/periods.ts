import type { FeePeriod } from '../../api/fee-types'

const sameRelief = (a: FeePeriod, b: FeePeriod): boolean => a.relief?.reason === b.relief?.reason && a.relief?.percent === b.relief?.percent

/** Months with the same care and amount as one, also where another table says so. */
export function joined(periods: FeePeriod[]): FeePeriod[] {
  const all: FeePeriod[] = []
  for (const period of periods) {
    const last = all.at(-1)
    if (last && last.care === period.care && last.cents === period.cents && sameRelief(last, period) && last.until_month === period.from_month) all[all.length - 1] = { ...last, until_month: period.until_month }
    else all.push(period)
  }
  return all
}
