import { expect, test } from 'vitest'
import { berlinInstant } from './berlin'

test('a typed time is one of the clocks in Germany, in winter and summer', () => {
  expect(berlinInstant('2027-02-10', '15:00')).toBe('2027-02-10T14:00:00Z')
  expect(berlinInstant('2027-07-10', '15:00')).toBe('2027-07-10T13:00:00Z')
  expect(berlinInstant('2027-03-28', '03:30')).toBe('2027-03-28T01:30:00Z')
})

test('a time that the clocks jump over, and what is no time, is none', () => {
  expect(berlinInstant('2027-03-28', '02:30')).toBeNull()
  expect(berlinInstant('2027-02-10', '25:00')).toBeNull()
  expect(berlinInstant('', '15:00')).toBeNull()
})
