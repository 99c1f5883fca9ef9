import { describe, expect, it } from 'vitest'
import type { FeeRow } from '../../api/fee-types'
import { joined } from './periods'
import { findRow, fromCents, toCents, toHours } from './money'

const row = (over: Partial<FeeRow>): FeeRow => ({ care: 'nursery', hours_per_week: 45, income_up_to: null, lone_parent: false, child: 1, cents: 20752, ...over })
const asked = { care: 'nursery', hours: 40, income: null, lone: false, child: 1 } as const

describe('amounts', () => {
  it('reads what people type and nothing else', () => {
    expect(['207,52', '207.5', ' 9 €', '12,345', '-3', ''].map(toCents)).toEqual([20752, 20750, 900, null, null, null])
    expect([20752, 5, 0].map(fromCents)).toEqual(['207,52', '0,05', '0,00'])
    expect(toHours('45, 20 25')).toEqual([20, 25, 45])
    expect([toHours('20, viel'), toHours(''), toHours('61')]).toEqual([null, null, null])
  })
  it('finds the row as the server does', () => {
    const rows = [row({}), row({ hours_per_week: 40, cents: 18446 }), row({ child: 2, cents: 12451 }), row({ hours_per_week: 40, child: 2, cents: 11068 })]
    expect(findRow(rows, asked)?.cents).toBe(18446)
    expect(findRow(rows, { ...asked, hours: 41 })?.cents).toBe(20752)
    expect(findRow(rows, { ...asked, child: 5 })?.cents).toBe(11068)
    expect(findRow(rows, { ...asked, lone: true })?.cents).toBe(18446)
    expect(findRow(rows, { ...asked, hours: 46 })).toBeNull()
  })
  it('takes the bracket of the income, and the highest where nothing was said', () => {
    const rows = [row({ income_up_to: 25000, cents: 0 }), row({ income_up_to: 50000, cents: 9000 }), row({ cents: 20000 })]
    expect([25000, 50000, null].map((income) => findRow(rows, { ...asked, income })?.cents)).toEqual([0, 9000, 20000])
  })
  it('shows months with the same amount as one', () => {
    const period = (from_month: string, until_month: string, cents: number) => ({ from_month, until_month, care: 'nursery' as const, hours_per_week: 45, cents, schedule_id: from_month, relief: null })
    const all = joined([period('2027-08-01', '2028-01-01', 5), period('2028-01-01', '2028-03-01', 5), period('2028-03-01', '2028-05-01', 7)])
    expect(all.map((one) => [one.from_month, one.until_month])).toEqual([['2027-08-01', '2028-03-01'], ['2028-03-01', '2028-05-01']])
  })
})
