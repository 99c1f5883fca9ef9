import { describe, expect, it } from 'vitest'
import type { Applicant, PoolBoard } from '../../api/round-types'
import { byPoints, deviating, isChanged, missing, moved, start, toAnswer } from './order'

const child = (place: number): Applicant => ({
  case_id: `c${place}`, label: `Kind ${place}`, birth_date: '2026-01-01', points: 10 - place, breakdown: [], points_place: place,
  state: 'open', next: false, care_from: null, hours_per_week: null, suggested: false, reason: null,
})
const pool = (kept: number): PoolBoard => ({ starts: [], hours: [], age_band: 'under3', places: 2, free: 2, kept, applicants: [1, 2, 3, 4].map(child) })
const ids = (list: Applicant[]) => list.map((row) => row.points_place)

describe('an order by hand', () => {
  it('moves a child, but nobody in front of what stands', () => {
    const list = [1, 2, 3, 4].map(child)
    expect(ids(moved(list, 3, 0, 0))).toEqual([4, 1, 2, 3])
    expect(ids(moved(list, 0, 2, 0))).toEqual([2, 3, 1, 4])
    expect(moved(list, 3, 1, 2)).toBe(list)
    expect(ids(moved(list, 3, 2, 2))).toEqual([1, 2, 4, 3])
    expect(ids(byPoints([4, 3, 2, 1].map(child), 1))).toEqual([4, 1, 2, 3])
  })
  it('needs a reason at each place where somebody goes before more points', () => {
    const at = (order: number[]) => [...deviating(order.map(child))]
    expect(at([1, 2, 3, 4])).toEqual([])
    expect(at([4, 1, 2, 3])).toEqual([0])
    expect(at([2, 3, 4, 1])).toEqual([0, 1, 2])
    expect(missing({ under3: [2, 1].map(child) })).toEqual(['under3/c2'])
  })
  it('sends only what was changed, and reasons only where they are needed', () => {
    const pools = [pool(0)]
    expect(isChanged(start(pools), pools)).toBe(false)
    expect(toAnswer(1, start(pools), pools)).toEqual({ step: 1, orders: [] })
    const list = moved(pools[0]?.applicants ?? [], 1, 0, 0).map((row) => ({ ...row, reason: 'group_mix' as const }))
    const answer = toAnswer(1, { under3: list }, pools)
    expect(answer.orders[0]?.places.map((place) => place.reason)).toEqual(['group_mix', null, null, null])
  })
})
