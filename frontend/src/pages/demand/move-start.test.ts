import { expect, it } from 'vitest'
import { dueAfterMove } from './move-start'

it('reckons the day of a claim as the server does', () => {
  const demand = (legal_due_on: string | null, desired_start: string) => ({ legal_due_on, desired_start, notice_ends_on: '2027-08-01' })
  expect(dueAfterMove(demand('2027-09-01', '2027-09-01'), '2027-10-01')).toBe('2027-10-01')
  expect(dueAfterMove(demand('2027-09-01', '2027-09-01'), '2027-08-15')).toBe('2027-08-15')
  expect(dueAfterMove(demand('2027-09-01', '2027-09-01'), '2027-04-01')).toBe('2027-08-01')
  expect(dueAfterMove(demand('2027-07-01', '2027-06-01'), '2027-04-01')).toBe('2027-07-01')
  expect(dueAfterMove(demand('2027-07-01', '2027-03-01'), '2027-04-01')).toBe('2027-07-01')
  expect(dueAfterMove(demand(null, '2027-09-01'), '2027-04-01')).toBeNull()
})
