import { describe, expect, it } from 'vitest'
import { daysOf, hoursText, minutesOf, weekText, weekdaySpan } from './week'

const day = (weekday: number, from: string, to: string) => ({ weekday, from, to })

describe('a week', () => {
  it('names days that follow one another with the same times together', () => {
    const usual = [1, 2, 3, 4].map((n) => day(n, '07:30', '15:00'))
    expect(weekText([...usual, day(5, '07:30', '13:00')], 'de')).toBe('Mo–Do\u00a007:30–15:00, Fr\u00a007:30–13:00')
    expect(weekText([day(1, '08:00', '12:00'), day(3, '08:00', '12:00')], 'de')).toBe('Mo\u00a008:00–12:00, Mi\u00a008:00–12:00')
    expect(weekdaySpan([1, 2, 3], 'de', ' bis ', 'long')).toBe('Montag bis Mittwoch')
  })

  it('is read from the ten times of day that are kept', () => {
    const monday = ['07:30:00', '15:00:00'], friday = ['08:00:00', '12:00:00']
    expect(daysOf([...monday, null, null, null, null, null, null, ...friday])).toEqual([day(1, '07:30', '15:00'), day(5, '08:00', '12:00')])
  })

  it('adds up what is filled in', () => {
    expect(hoursText(minutesOf([day(1, '07:30', '15:00'), day(2, '07:30', '13:00')]))).toBe('13:00')
    expect(minutesOf([day(1, '', '15:00'), day(2, '15:00', '13:00'), day(3, '08:00', '08:05')])).toBe(5)
    expect(hoursText(2130)).toBe('35:30')
  })
})
