import { act, renderHook, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Demand } from '../api/types'
import type { ContractDetail } from '../api/contract-types'
import { renderPage } from '../test/render'
import { Paper } from './contracts/panel'
import { clashes, useAutosave } from './demand/autosave'
import { moved, usePreferences, type Wished } from './demand/preferences'
import { givesWay, movedWay, rankedWays } from './demand/ways'
import { WishList } from './demand/wish-list'
import { useSentence } from './family/sentence'
import { clusters, readable } from './public/clusters'
import { apiQuery, readFilters, writeFilters } from './public/filters'

const DEMAND: Demand = {
  id: 'd1', reference_code: null, child: { id: 'k1', label: 'Mia B.' }, state: 'draft', transfer: false, present_place: null, register_mismatch: false,
  care_type: null, desired_start: null, latest_start: null, hours_per_week: 30, least_hours: null, times_first: false, ways: null, window_from: null, window_to: null,
  legal_claim: false, legal_claim_asserted_at: null, legal_due_on: null, submitted_at: null, updated_at: '2026-11-24T10:00:00Z',
  version: 1, facts: [], preferences: [], editable: true, editable_until: null, start_editable: false, notice_ends_on: '2027-08-01', hints: [], next_step: { code: 'complete', date: null }, mail_problem: false, guest: null, move_in: null, siblings: null,
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
const fetched = vi.fn<typeof fetch>()
const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>

beforeEach(() => vi.stubGlobal('fetch', fetched))
afterEach(() => { vi.unstubAllGlobals(); fetched.mockReset(); sessionStorage.clear() })

describe('the sentence of a demand', () => {
  const sentence = (date: string | null) => {
    const { result } = renderHook(() => useSentence(), { wrapper })
    return result.current({ ...DEMAND, state: 'submitted', next_step: { code: 'office_confirms', date } })
  }
  it('looks forward to a day that comes, and never to one that has passed', () => {
    expect(sentence('2999-01-01')).toContain('sentence.next')
    expect(sentence('2020-01-01')).toContain('sentence.overdue')
    expect(sentence(null)).not.toMatch(/next|overdue/)
  })
})

describe('the ways to a wish', () => {
  const wish = (id: string, rank: number) => ({ id, rank, facility_id: id, facility_name: id }) as Demand['preferences'][number]
  const demand = { ...DEMAND, desired_start: '2027-08-01', preferences: [wish('b', 2), wish('a', 1)] }
  const order = (times_first: boolean) => rankedWays({ ...demand, times_first }).map((way) => `${way.facility}${way.gives ? '-' : ''}`)

  it('tries a facility in every way before the next one, or all as wished first', () => {
    expect(order(false)).toEqual(['a', 'a-', 'b', 'b-'])
    expect(order(true)).toEqual(['a', 'b', 'a-', 'b-'])
  })
  it('stand as the family ordered them, and what it wished since comes last', () => {
    const own = (ways: string[]) => rankedWays({ ...demand, ways }).map((way) => `${way.facility}${way.gives ? '-' : ''}`)
    expect(own(['a', 'b', 'b', 'a'])).toEqual(['a', 'b', 'b-', 'a-'])
    expect(own(['a', 'gone', 'gone', 'a'])).toEqual(['a', 'a-', 'b', 'b-'])
  })
  it('move only where they give way, and never before the wish itself', () => {
    const ways = rankedWays(demand)
    const moved = (from: number, to: number) => movedWay(ways, from, to).map((way) => `${way.facility}${way.gives ? '-' : ''}`).join(' ')
    expect(moved(1, 3)).toBe('a b b- a-')
    expect(moved(3, 1)).toBe('a a- b b-')
    expect(moved(0, 1)).toBe('a a- b b-')
    expect(moved(1, 0)).toBe('a a- b b-')
    expect(moved(3, 2)).toBe('a a- b b-')
  })
  it('are several only where the family gives way', () => {
    expect(givesWay(demand)).toBe(false)
    expect(givesWay({ ...demand, latest_start: '2027-08-01', least_hours: 30 })).toBe(false)
    expect(givesWay({ ...demand, latest_start: '2027-11-01' })).toBe(true)
    expect(givesWay({ ...demand, least_hours: 25 })).toBe(true)
  })
})

describe('autosave', () => {
  const sent = (index: number) => JSON.parse(String(fetched.mock.calls[index]?.[1]?.body)) as unknown
  const version = (index: number) => new Headers(fetched.mock.calls[index]?.[1]?.headers).get('if-match')

  it('saves what was typed, with the version that was seen', async () => {
    fetched.mockResolvedValue(json(200, { ...DEMAND, hours_per_week: 35, version: 2 }))
    const { result } = renderHook(() => useAutosave(DEMAND), { wrapper })
    act(() => result.current.change({ hours_per_week: 35 }))
    expect(result.current.current.hours_per_week).toBe(35)
    await act(async () => { expect(await result.current.flush()).toBe(true) })
    expect(sent(0)).toEqual({ hours_per_week: 35 })
    expect(version(0)).toBe('"1"')
    expect(result.current.saving.state).toBe('saved')
    expect(sessionStorage.getItem('kp-draft:demand:d1')).toBeNull()
  })

  it('keeps the answer in the tab while there is no connection', async () => {
    fetched.mockRejectedValue(new TypeError('offline'))
    const { result } = renderHook(() => useAutosave(DEMAND), { wrapper })
    act(() => result.current.change({ care_type: 'nursery' }))
    await act(async () => { expect(await result.current.flush()).toBe(false) })
    expect(result.current.saving.state).toBe('failed')
    expect(result.current.current.care_type).toBe('nursery')
    expect(JSON.parse(sessionStorage.getItem('kp-draft:demand:d1') ?? '')).toEqual({ care_type: 'nursery' })
  })

  it('goes on silently when somebody changed another answer', async () => {
    fetched
      .mockResolvedValueOnce(json(412, { code: 'version.stale' }))
      .mockResolvedValueOnce(json(200, { ...DEMAND, window_from: '08:00', version: 5 }))
      .mockResolvedValueOnce(json(200, { ...DEMAND, window_from: '08:00', hours_per_week: 40, version: 6 }))
    const { result } = renderHook(() => useAutosave(DEMAND), { wrapper })
    act(() => result.current.change({ hours_per_week: 40 }))
    await act(async () => { expect(await result.current.flush()).toBe(true) })
    expect(version(2)).toBe('"5"')
    expect(result.current.conflict).toBeNull()
  })

  it('asks when somebody changed the same answer, and can keep the own one', async () => {
    const theirs = { ...DEMAND, hours_per_week: 20, version: 5 }
    fetched
      .mockResolvedValueOnce(json(412, { code: 'version.stale' }))
      .mockResolvedValueOnce(json(200, theirs))
      .mockResolvedValueOnce(json(200, { ...DEMAND, hours_per_week: 40, version: 6 }))
    const { result } = renderHook(() => useAutosave(DEMAND), { wrapper })
    act(() => result.current.change({ hours_per_week: 40 }))
    await act(async () => { await result.current.flush() })
    expect(result.current.conflict?.fields).toEqual(['hours_per_week'])
    expect(result.current.current.hours_per_week).toBe(40)
    act(() => result.current.keepMine())
    await waitFor(() => expect(result.current.saving.state).toBe('saved'))
    expect(version(2)).toBe('"5"')
    expect(sent(2)).toEqual({ hours_per_week: 40 })
  })

  it('stays, and can go on, when their state cannot be read', async () => {
    fetched.mockResolvedValueOnce(json(412, { code: 'version.stale' })).mockRejectedValueOnce(new TypeError('offline')).mockResolvedValueOnce(json(200, { ...DEMAND, hours_per_week: 40, version: 6 }))
    const { result } = renderHook(() => useAutosave(DEMAND), { wrapper })
    act(() => result.current.change({ hours_per_week: 40 }))
    await act(async () => { expect(await result.current.flush()).toBe(false) })
    expect(result.current.saving.state).toBe('failed')
    await act(async () => { expect(await result.current.flush()).toBe(true) })
  })

  it('sees no clash where both wanted the same', () => {
    expect(clashes({ hours_per_week: 20 }, DEMAND, { ...DEMAND, hours_per_week: 20 })).toEqual([])
    expect(clashes({ facts: [{ criterion_id: 'c', claimed: true }] }, DEMAND, { ...DEMAND, facts: [{ criterion_id: 'c', claimed: true, number: null, evidence_state: 'claimed' }] })).toEqual([])
  })
})

describe('wishes without a connection', () => {
  const wishes: Wished[] = [{ id: 'a', name: 'Kita Altstadt' }, { id: 'b', name: 'Kita Hafen' }]
  const preference = (wish: Wished, rank: number) => ({ id: wish.id, rank, state: 'received', facility_id: wish.id, facility_name: wish.name }) as Demand['preferences'][number]
  const stored = { ...DEMAND, version: 2, preferences: wishes.map((wish, n) => preference(wish, n + 1)) }

  it('wait in the tab, with the version they were put in order over, and are sent when there is one again', async () => {
    fetched.mockRejectedValue(new TypeError('offline'))
    const first = renderHook(() => usePreferences(DEMAND), { wrapper })
    await act(async () => { expect(await first.result.current.store(wishes)).toBe(false) })
    expect(await first.result.current.flush()).toBe(false)
    first.unmount()
    // The page is opened again after somebody else's change, still without a connection.
    const again = renderHook(() => usePreferences({ ...DEMAND, version: 5 }), { wrapper })
    expect(again.result.current.wishes).toEqual(wishes)
    await waitFor(() => expect(again.result.current.saving.state).toBe('failed'))
    fetched.mockReset()
    fetched.mockResolvedValueOnce(json(200, stored))
    act(() => { window.dispatchEvent(new Event('online')) })
    await waitFor(() => expect(again.result.current.saving.state).toBe('saved'))
    expect(new Headers(fetched.mock.calls[0]?.[1]?.headers).get('if-match')).toBe('"1"')
    expect(sessionStorage.getItem('kp-draft:wishes-of:d1')).toBeNull()
  })

  it('say so when the state after somebody else\'s change cannot be read, and stay', async () => {
    fetched.mockResolvedValueOnce(json(412, { code: 'version.stale' })).mockRejectedValue(new TypeError('offline'))
    const { result } = renderHook(() => usePreferences(DEMAND), { wrapper })
    await act(async () => { expect(await result.current.store(wishes)).toBe(false) })
    expect(result.current.problem?.isOffline).toBe(true)
    expect(result.current.wishes).toEqual(wishes)
  })
})

describe('a signature on paper', () => {
  it('is of whom it is said to be, or of all who are missing', async () => {
    fetched.mockImplementation(() => Promise.resolve(json(200, {})))
    const contract = { id: 'c1', version: 3 } as ContractDetail
    renderPage(<Paper contract={contract} missing={['Jana Braun', 'Kai Sommer']} onPaper={[{ guardian_id: 'g2', name: 'Kai Sommer' }]} onDone={() => {}} />)
    await userEvent.click(screen.getByText('Unterschrift auf Papier eintragen', { selector: 'summary' }))
    expect(screen.getByText('Das Original bleibt in der Einrichtung. Hier stehen nur der Tag und der Name.')).toBeVisible()
    const sent = async (who: string) => {
      fetched.mockClear()
      await userEvent.click(screen.getByRole('radio', { name: who }))
      await userEvent.click(screen.getByRole('button', { name: 'Unterschrift auf Papier eintragen' }))
      return (JSON.parse(String(fetched.mock.calls[0]?.[1]?.body)) as { guardian_id: string | null }).guardian_id
    }
    expect(await sent('Kai Sommer')).toBe('g2')
    expect(await sent('Alle, deren Unterschrift noch fehlt')).toBeNull()
  })
})

describe('wishes', () => {
  it('moves an entry and nothing else', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a'])
    expect(moved(['a'], 4, 0)).toEqual(['a'])
  })

  it('are put in order by buttons, and the focus stays with the wish', async () => {
    function List() {
      const [wishes, setWishes] = useState<Wished[]>([{ id: '1', name: 'Kita Altstadt' }, { id: '2', name: 'Kita Hafen' }, { id: '3', name: 'Waldkita' }])
      return <WishList wishes={wishes} ranked onChange={setWishes} onRemove={() => {}} />
    }
    renderPage(<List />)
    expect(screen.getByRole('button', { name: 'Kita Altstadt nach oben' })).toBeDisabled()
    await userEvent.click(screen.getByRole('button', { name: 'Waldkita nach oben' }))
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['1Kita Altstadt', '2Waldkita', '3Kita Hafen'])
    expect(screen.getByRole('status')).toHaveTextContent('Waldkita steht jetzt auf Platz 2.')
    await waitFor(() => expect(screen.getByRole('button', { name: 'Waldkita nach oben' })).toHaveFocus())
  })
})

describe('search', () => {
  it('keeps every filter in the address', () => {
    const address = 'postal_code=24937&ort=24937&radius_km=5&care_type=nursery&birth_date=2026-03-14&start=2027-08-01&opens_by=07%3A00&inclusive=true&free=partly'
    const again = new URLSearchParams(writeFilters(readFilters(new URLSearchParams(address))))
    expect(Object.fromEntries(again)).toEqual(Object.fromEntries(new URLSearchParams(address)))
  })
  it('asks the API for known filters only', () => {
    expect(apiQuery(new URLSearchParams('postal_code=24937&ort=24937&utm_source=x'))).toEqual({ postal_code: '24937' })
  })
  it('takes five digits for a postal code and other words for a place', () => {
    const base = readFilters(new URLSearchParams())
    expect(writeFilters({ ...base, place: { text: '04109', params: {} } })).toEqual({ postal_code: '04109', ort: '04109' })
    expect(writeFilters({ ...base, place: { text: 'Plagwitz', params: {} } })).toEqual({ place: 'Plagwitz', ort: 'Plagwitz' })
  })
  it('joins markers that would cover each other', () => {
    const item = (id: string, x: number) => ({ id, name: id, latitude: 0, longitude: x, state: 'full' as const })
    const found = clusters([item('a', 0), item('b', 10), item('c', 90)], (_, longitude) => ({ x: longitude, y: 0 }), 44)
    expect(found.map((cluster) => cluster.items.map((entry) => entry.id))).toEqual([['a', 'b'], ['c']])
  })
  it('leaves out names that would cover a pin or another name', () => {
    const box = (x: number, y: number) => ({ x, y, halfWidth: 20, halfHeight: 9 })
    expect(readable([box(0, 0), box(30, 5), box(60, 0), box(200, 0)], [box(210, 10)])).toEqual([box(0, 0), box(60, 0)])
  })
})
