import { describe, expect, it } from 'vitest'
import type { Deviation, Round, RoundReport, RoundSteps, Run } from '../../../api/round-types'
import { whyKey, waitsAt, asWhy, standingOf, type WhyWish } from '../../../lib/why'
import { layout, percent, shortened, stages } from './flow'
import { checkRound, EMPTY_ROUND, toRound } from './form-values'
import { chanceRows, columnsOf, difference, groupRows } from './simulation-rows'
import { canCancel, marks, nextOf, outdated, wayOf } from './steps'
import { byShortage, heat, shade } from './unserved'

const RUN: Run = {
  id: 'r1', number: 1, kind: 'dry', instance_sha256: 'a', engine: 'e', verified_at: '2027-03-01T10:00:00Z', started_by: 'me', started_by_name: 'Ich',
  figures: { children: 10, placed: 8, unplaced: 2, keeping: 0, first_wish: 5, justified_envy: 0, wasted_seats: 0, exceptions: 0 },
}
const ROUND: Round = {
  id: 'x', name: 'Kita-Jahr 2027/28', mode: 'central', state: 'planned', kita_year: '2027-08-01', key_date: '2027-02-15', start_on: '2027-08-01',
  created_at: '2027-01-01T08:00:00Z', released_at: null, paused_from: null, snapshot_sha256: null, criteria: null, commitment: null, engine: 'e',
  seed: null, seed_entries: 0, seed_entered_by_me: false, run: null, conflicts_opened_by_me: false, seed_entered_by: [], conflicts_opened_by: [], signatures: [], deviations_pending: 0, undecided: 0,
  config: { age_bands: ['under3'], offer_days: null, siblings: 'preferred', after_release: 'keep_or_improve', draw_source: 'Lotto', draw_on: '2027-03-06' },
  outcomes: { none: 0, waiting: 0, decided: 0, offered: 0, not_sent: 0, left: 0 }, answers: { open: 0, accepted: 0, declined: 0, expired: 0, revoked: 0, moved_up: 0 }, improvements: { open: 0, accepted: 0, kept: 0, not_sent: 0 }, frozen_at: null, version: 1,
}
const at = (today: string, change: Partial<Round>, deviations: Deviation[] = []) => nextOf({ ...ROUND, ...change }, { me: 'me', today, deviations })
const approved = (when: string): Deviation => ({
  id: 'd', case_id: 'c', kind: 'place', preference_id: 'p', facility_id: 'f', reason: 'hardship', note: 'n', state: 'approved',
  proposed_by: 'a', proposed_by_name: 'A', proposed_at: when, approved_by: 'b', approved_by_name: 'B', approved_at: when,
})

describe('what comes next in a round', () => {
  it('is the freeze, but not before the key date has passed', () => {
    expect(at('2027-02-15', {})).toBe('waitKeyDate')
    expect(at('2027-02-16', {})).toBe('freeze')
    expect(at('2027-03-06', {})).toBe('drawOver')
  })
  it('leads from the dry run over the draw to the final run', () => {
    expect(at('2027-02-20', { state: 'frozen' })).toBe('dryRun')
    expect(at('2027-02-20', { state: 'proposed', run: RUN })).toBe('conflicts')
    expect(at('2027-02-20', { state: 'in_review', run: RUN, conflicts_opened_by_me: true })).toBe('waitDraw')
    expect(at('2027-03-06', { state: 'in_review', run: RUN })).toBe('seed')
    expect(at('2027-03-06', { state: 'in_review', run: RUN, seed_entries: 1, seed_entered_by_me: true })).toBe('seedOther')
    expect(at('2027-03-06', { state: 'in_review', run: RUN, seed_entries: 2, seed_entered_by_me: true })).toBe('seedDiffers')
    expect(at('2027-03-07', { state: 'in_review', run: RUN, seed: '3-14' })).toBe('finalRun')
  })
  it('leads a coordinated round through the steps of the facilities before the final run', () => {
    const drawn: Partial<Round> = { state: 'in_review', mode: 'coordinated', run: RUN, seed: '3-14' }
    const none: RoundSteps = { steps: [], open: null, overdue: false, done: false, steps_left: null, facilities: [], version: 1 }
    const next = (steps: RoundSteps | null) => nextOf({ ...ROUND, ...drawn }, { me: 'me', today: '2027-03-07', deviations: [], steps })
    expect([next(null), next(none), next({ ...none, open: 1 })]).toEqual(['stepRunning', 'openSteps', 'stepRunning'])
    expect([next({ ...none, open: 1, overdue: true }), next({ ...none, done: true })]).toEqual(['stepOverdue', 'finalRun'])
    expect(wayOf({ mode: 'central' })).not.toContain('steps')
    expect(marks({ ...ROUND, ...drawn } as Round, 'stepRunning').steps).toBe('now')
  })
  it('lets nobody sign what was not looked at, what waits for a second person, or what is not the newest', () => {
    const final = { state: 'in_review' as const, seed: '3-14', run: { ...RUN, kind: 'final' as const } }
    expect(at('2027-03-07', final)).toBe('conflicts')
    expect(at('2027-03-07', { ...final, conflicts_opened_by_me: true, deviations_pending: 1 })).toBe('deviations')
    expect(at('2027-03-07', { ...final, conflicts_opened_by_me: true }, [approved('2027-03-02T09:00:00Z')])).toBe('rerun')
    expect(at('2027-03-07', { ...final, conflicts_opened_by_me: true }, [approved('2027-02-28T09:00:00Z')])).toBe('sign')
    expect(at('2027-03-07', { ...final, conflicts_opened_by_me: true, signatures: [{ account_id: 'me', name: 'Ich', at: '' }] })).toBe('signOther')
  })
  it('is told of a released round by what became of its cases', () => {
    const some = (outcomes: Partial<Round['outcomes']>) => at('2027-04-01', { state: 'released', outcomes: { ...ROUND.outcomes, ...outcomes } })
    expect(some({ waiting: 3, not_sent: 1 })).toBe('sending')
    expect(some({ not_sent: 1 })).toBe('notSent')
    expect(some({ offered: 8 })).toBe('close')
  })
  it('marks the steps, and none as the current one while the round rests', () => {
    const proposed: Round = { ...ROUND, state: 'proposed', run: RUN }
    const found = marks(proposed, 'seed')
    expect([found.freeze, found.dry, found.seed, found.final]).toEqual(['done', 'done', 'now', 'todo'])
    expect(Object.values(marks({ ...proposed, state: 'paused', paused_from: 'proposed' }, 'resume'))).not.toContain('now')
    expect(canCancel({ ...proposed, state: 'paused', paused_from: 'released' })).toBe(false)
    expect(outdated(ROUND, [approved('2027-03-02T09:00:00Z')])).toBe(false)
  })
})

describe('the flow of wishes to places', () => {
  it('counts who asks, who gets in and who goes on', () => {
    expect(stages([5, 2, 1], 2)).toEqual([
      { rank: 1, asked: 10, placed: 5, rest: 5 }, { rank: 2, asked: 5, placed: 2, rest: 3 }, { rank: 3, asked: 3, placed: 1, rest: 2 },
    ])
    expect(stages([], 3)).toEqual([])
  })
  it('tells late wishes together and loses nobody', () => {
    const short = shortened(stages([5, 2, 1, 1, 1], 2), 3)
    expect(short).toHaveLength(3)
    expect(short.at(-1)).toEqual({ rank: 3, asked: 5, placed: 3, rest: 2 })
  })
  it('draws columns that end at the same foot, with bands that run straight', () => {
    const columns = layout(stages([5, 2], 3), { width: 100, height: 100, bar: 20 })
    expect(columns.map((one) => one.rest.y + one.rest.height)).toEqual([100, 100])
    expect(columns[0]?.placed).toEqual({ x: 0, y: 0, width: 20, height: 50 })
    expect(columns[0]?.onward).toEqual({ x: 20, y: 50, width: 60, height: 50 })
    expect(columns[1]?.placed).toEqual({ x: 80, y: 50, width: 20, height: 20 })
    expect(columns[1]?.onward).toBeNull()
    expect(layout([], { width: 1, height: 1, bar: 1 })).toEqual([])
  })
  it('never says none where there are some, nor all where some are missing', () => {
    expect([percent(1, 1000), percent(999, 1000), percent(0, 5), percent(5, 5), percent(1, 0)]).toEqual([1, 99, 0, 100, 0])
  })
})

describe('who has no place, and where places are missing', () => {
  const rows = [
    { district: 'Nord', month: '2027-11-01', children: 2, claims: 1 }, { district: 'Süd', month: '2027-08-01', children: 8, claims: 3 },
    { district: 'Nord', month: '2027-08-01', children: 1, claims: 0 },
  ]
  it('stands by district and month, with a number in every cell', () => {
    const found = heat(rows)
    expect(found.months).toEqual(['2027-08-01', '2027-11-01'])
    expect(found.rows.map((row) => [row.district, row.total, ...row.cells.map((cell) => cell.children)])).toEqual([['Süd', 8, 8, 0], ['Nord', 3, 1, 2]])
    expect([0, 1, 2, 8].map((count) => shade(count, found.top))).toEqual([0, 1, 1, 4])
    expect(heat([])).toEqual({ months: [], rows: [], top: 0 })
  })
  it('names the greatest shortage first', () => {
    const group = (name: string, first: number, places: number) => ({ facility_id: name, name, places, wishes: first, first_wishes: first, placed: 0 })
    expect(byShortage([group('a', 2, 9), group('b', 9, 4), group('c', 5, 5)]).map((one) => one.name)).toEqual(['b', 'c', 'a'])
  })
})

describe('sets of criteria side by side', () => {
  const report = { figures: RUN.figures } as RoundReport
  const chances = { draws: 100, always: 1, sometimes: 0, never: 0 }
  const set = (id: string, state: 'draft' | 'published') => ({ criteria_set_id: id, name: 'Kriterien', number: 2, provider_name: id === 'p' ? 'Caritas' : null, state, against_frozen: { number: 0, gained: 1, lost: 1, better: 0, worse: 0, same: 3 }, report, chances, by_wish: [{ wish: 1, children: 0, met_per_mille: 0 }] })
  it('stand in the order of the choice after the frozen one', () => {
    const columns = columnsOf({ frozen: { report, chances, by_wish: [{ wish: 1, children: 4, met_per_mille: 255 }, { wish: 2, children: 1, met_per_mille: 500 }] }, items: [set('m', 'draft'), set('p', 'published')] }, { frozen: 'Wie eingefroren', draft: 'Entwurf' })
    expect(columns.map((one) => one.name)).toEqual(['Wie eingefroren', 'Kriterien 2 (Entwurf)', 'Caritas: Kriterien 2'])
    expect(columns.map((one) => one.against?.gained ?? null)).toEqual([null, 1, 1])
    expect(chanceRows(columns)).toEqual([{ wish: 1, values: [26, null, null] }, { wish: 2, values: [50, null, null] }])
    let at = 0
    const counts: [string, number][][] = [[['Nord', 3]], [['Nord', 1], ['Süd', 5]], []]
    expect(groupRows(columns, () => counts[at++] ?? [])).toEqual([{ id: 'Süd', values: [0, 5, 0] }, { id: 'Nord', values: [3, 1, 0] }])
    expect([difference(5, 3), difference(null, 3), difference(3, 3)]).toEqual([2, null, 0])
  })
})

describe('why a wish was met or not', () => {
  const full = (own: [number, number], cutoff: [number, number] | null, lottery = false): WhyWish => ({
    reason: 'full', excluded: null, own: standingOf(own), cutoff: standingOf(cutoff), followup_rank: 4, lottery, provider_reason: null, decided: null,
  })
  it('names the first thing that made the difference', () => {
    expect(whyKey(full([0, 9], [0, 12]))).toBe('full_points')
    expect(whyKey(full([0, 90], [1, 12]))).toBe('full_rank')
    expect(whyKey(full([0, 12], [0, 12]))).toBe('full_equal')
    expect(whyKey(full([0, 12], [0, 12], true))).toBe('full_draw')
    expect(whyKey(full([0, 12], null))).toBe('full_secret')
    expect(whyKey(full([0, 13], [0, 12]))).toBe('full_secret')
  })
  it('says that the facility ordered by hand, with its reason', () => {
    const hand: WhyWish = { ...full([0, 9], null), reason: 'provider_order', provider_reason: 'group_mix' }
    expect(whyKey(hand)).toBe('provider_order_hand')
    expect(whyKey({ ...hand, provider_reason: null })).toBe('provider_order')
    // What the office decided is none of the provider's doing, and who waits for nothing has no place on the list.
    const [other, own] = [{ ...hand, decided: 'place' as const }, { ...hand, decided: 'exclude' as const }]
    expect([whyKey(other), waitsAt(other)]).toEqual(['provider_order_other', 4])
    expect([whyKey(own), waitsAt(own)]).toEqual(['provider_order_own', null])
    expect([whyKey({ ...other, reason: 'placed' }), waitsAt({ ...other, reason: 'placed' })]).toEqual(['placed_decided', null])
    expect(waitsAt(hand)).toBe(4)
  })
  it('says what stands in the way before anything else', () => {
    expect(whyKey({ ...full([0, 9], null), reason: 'not_eligible', excluded: 'age' })).toBe('excluded_age')
    expect(whyKey({ ...full([0, 9], null), reason: 'not_eligible' })).toBe('excluded_other')
    expect(whyKey({ ...full([0, 9], null), reason: null })).toBe('not_decided')
  })
  it('tells the place on the waiting list only to who waits', () => {
    expect(waitsAt(full([0, 9], [0, 12]))).toBe(4)
    expect(waitsAt({ ...full([0, 9], null), reason: 'better_placed' })).toBeNull()
  })
  it('counts from one for the office as well', () => {
    const seen = asWhy({ preference_id: 'p', facility_id: 'f', facility_name: 'Kita', rank: 1, reason: 'full', excluded: null, ways: [], points: 9, breakdown: [], priority: [0, 9, 700], cutoff: [0, 12, 1], ahead: 3, lottery: false, provider_reason: null, decided: null, position: 5, of: 9, chance_per_mille: 250 })
    expect([seen.own, seen.followup_rank]).toEqual([{ rank: 0, points: 9 }, 4])
  })
})

describe('a new round', () => {
  const day = (iso: string) => { const [year = '', month = '', date = ''] = iso.split('-'); return { day: date, month, year } }
  const good = { ...EMPTY_ROUND, name: ' Kita-Jahr 2027/28 ', key: day('2027-02-15'), start: day('2027-08-01'), draw: day('2027-03-06'), source: 'Lotto' }
  it('is checked as the server does, field by field', () => {
    expect(checkRound(good, '2027-02-01')).toEqual({})
    expect(checkRound(EMPTY_ROUND, '2027-02-01')).toEqual({
      name: 'need', key_date: 'date', start_on: 'date', 'config.draw_on': 'date', 'config.draw_source': 'need',
    })
    expect(checkRound({ ...good, draw: day('2027-02-15') }, '2027-02-01')['config.draw_on']).toBe('drawEarly')
    expect(checkRound(good, '2027-03-05')).toEqual({})
    expect(checkRound(good, '2027-03-06')['config.draw_on']).toBe('drawPast')
    expect(checkRound({ ...good, draw: day('2027-08-01') }, '2027-02-01')['config.draw_on']).toBe('drawLate')
    expect(checkRound({ ...good, start: day('2027-02-15') }, '2027-02-01')['start_on']).toBe('startEarly')
    expect(checkRound({ ...good, start: day('2030-08-01'), draw: day('2027-03-06') }, '2027-02-01')['start_on']).toBe('startLate')
    expect(checkRound({ ...good, days: '91', bands: [] }, '2027-02-01')).toEqual({ 'config.offer_days': 'days', 'config.age_bands': 'bands' })
  })
  it('is sent as the contract names it', () => {
    expect(toRound(good)).toEqual({
      name: 'Kita-Jahr 2027/28', mode: 'central', key_date: '2027-02-15', start_on: '2027-08-01',
      config: { age_bands: ['under3', 'over3'], offer_days: null, siblings: 'preferred', after_release: 'keep_or_improve', draw_source: 'Lotto', draw_on: '2027-03-06' },
    })
  })
})
