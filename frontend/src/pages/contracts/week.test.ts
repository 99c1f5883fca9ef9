import { describe, expect, it } from 'vitest'
import { timesErrors, timesInput, timesOf } from './week'

const known = { hours_per_week: 28, window_from: '07:30', window_to: '15:00', week: [{ weekday: 1, from: '07:30', to: '15:00' }, { weekday: 4, from: '08:00', to: '12:00' }] }

describe('times of a contract', () => {
  it('are sent as they were read', () => {
    expect(timesInput(timesOf(known))).toEqual({ hours_per_week: null, window_from: null, window_to: null, week: known.week })
    const same = { hours_per_week: 40, window_from: '08:00', window_to: null, week: null }
    expect(timesInput(timesOf(same))).toEqual(same)
  })

  it('begin each day with those of every day, and say what is not filled in', () => {
    const days = timesInput({ ...timesOf({ ...known, week: null, window_to: null }), same: false }).week
    expect(days).toHaveLength(5)
    expect(days?.[2]).toEqual({ weekday: 3, from: '07:30', to: null })
    expect(timesInput({ ...timesOf({ ...known, week: null }), hours: 'viele' }).hours_per_week).toBe(-1)
  })

  it('have their faults at the weekday, whichever days were sent', () => {
    const errors = timesErrors({ 'week.1.to': 'zu früh', week: 'zu viel', note: 'zu lang' }, timesOf(known))
    expect(errors).toEqual({ 'week.4.to': 'zu früh', week: 'zu viel', note: 'zu lang' })
  })
})
