import { describe, expect, it } from 'vitest'
import type { AreaPlan } from '../../api/planning-types'
import { apply, coverage, gap, monthsOf, NOTHING, readScenario, writeScenario, type Scenario } from './scenario'

const month = (name: string, over = {}) => ({ month: name, places: 10, taken: 8, free: 2, waiting: 5, children: 40, needed: 18, ...over })
const areas: AreaPlan[] = [
  { area: 'Nord', latitude: 1, longitude: 1, facilities: 1, bands: [{ age_band: 'under3', months: [month('2027-01-01'), month('2027-02-01')] }] },
  { area: 'Süd', latitude: 2, longitude: 2, facilities: 1, bands: [{ age_band: 'under3', months: [month('2027-01-01', { children: null, needed: null }), month('2027-02-01', { children: null, needed: null })] }] },
]
const scenario: Scenario = { births: 90, changes: [{ area: 'Nord', band: 'under3', from: '2027-02-01', places: 15 }, { area: 'Neu', band: 'under3', from: '2027-01-01', places: 20 }] }

describe('a scenario', () => {
  it('adds places from its month on, also in an area that had none, and leaves the rest as it is', () => {
    const then = apply(areas, scenario)
    expect(monthsOf(then, 'under3', 'Nord').map((one) => [one.places, one.free])).toEqual([[10, 2], [25, 17]])
    expect(monthsOf(then, 'under3', 'Neu')[0]?.places).toBe(20)
    expect(monthsOf(areas, 'under3', 'Nord')[1]?.places).toBe(10)
  })
  it('never closes more places than there are', () => {
    const closed = apply(areas, { births: 100, changes: [{ area: 'Nord', band: 'under3', from: '2027-01-01', places: -30 }] })
    expect(monthsOf(closed, 'under3', 'Nord')[0]).toMatchObject({ places: 0, free: 0 })
  })
  it('stands in the address, and what is none counts for nothing', () => {
    expect(readScenario(writeScenario(scenario))).toEqual(scenario)
    expect([readScenario('{"births":500,"changes":[{"area":1}]}'), readScenario('x'), readScenario('null')]).toEqual([NOTHING, NOTHING, NOTHING])
    expect(writeScenario(NOTHING)).toBe('')
  })
  it('adds areas up, and counts children only where every area knows its own', () => {
    const all = monthsOf(areas, 'under3', null)[0]!
    expect(all).toMatchObject({ places: 20, waiting: 10, children: null, needed: 18 + 8 + 5 })
    expect(gap(all)).toBe(gap(monthsOf(areas, 'under3', 'Nord')[0]!) + gap(monthsOf(areas, 'under3', 'Süd')[0]!))
    expect(monthsOf([areas[1]!], 'under3', null)[0]).toMatchObject({ children: null, needed: null })
    expect(monthsOf([areas[0]!, { ...areas[0]!, area: 'Ost' }], 'under3', null)[0]).toMatchObject({ children: 80, needed: 36 })
    expect([gap(monthsOf(areas, 'under3', 'Nord')[0]!), gap(monthsOf(areas, 'under3', 'Süd')[0]!)]).toEqual([8, 3])
    expect([coverage(monthsOf(areas, 'under3', 'Nord')[0]!), coverage(monthsOf(areas, 'under3', 'Süd')[0]!)]).toEqual([25, null])
  })
})
