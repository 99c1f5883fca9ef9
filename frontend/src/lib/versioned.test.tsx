import { act, renderHook, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api/client'
import { renderPage } from '../test/render'
import { arrival, isNewer } from './arrival'
import { useVersioned } from './versioned'

type Home = { city: string; address_protected: boolean }
const HOME: Home = { city: 'Leipzig', address_protected: true }
const stale = new ApiError(412, { code: 'version.stale' }, null)

function form(options: Partial<{ draft: string; save: (value: Home, version: number) => Promise<unknown>; newest: () => Promise<{ value: Home; version: number }> }> = {}) {
  const save = vi.fn(options.save ?? (() => Promise.resolve()))
  const hook = renderHook(
    ({ value, version }: { value: Home; version: number }) => useVersioned<Home>({
      start: { value, version },
      save,
      newest: options.newest ?? (() => Promise.resolve({ value, version })),
      labels: { city: 'Ort', address_protected: 'Sperre' },
      show: (_field, shown) => (typeof shown === 'boolean' ? (shown ? 'gesperrt' : 'offen') : shown),
      onSaved: () => {},
      ...(options.draft ? { draft: options.draft } : {}),
    }),
    { initialProps: { value: HOME, version: 1 } },
  )
  return { ...hook, save }
}
afterEach(() => sessionStorage.clear())

describe('a state that arrives while a form is open', () => {
  const theirs = { city: 'Halle', address_protected: true }
  it('is taken over where nothing was typed, and asked about where it meets something typed', () => {
    expect(arrival(HOME, HOME, theirs)).toBe('take')
    expect(arrival(HOME, { ...HOME, city: 'Halle ' }, theirs)).toBe('adopt')
    expect(arrival(HOME, { ...HOME, city: 'Gera' }, theirs)).toBe('conflict')
    expect(arrival(HOME, { ...HOME, address_protected: false }, theirs)).toBe('conflict')
  })
  it('is newer by any of its parts', () => {
    expect(isNewer(2, 1)).toBe(true)
    expect(isNewer(1, 2)).toBe(false)
    expect(isNewer({ guardian: 1, household: 3 }, { guardian: 1, household: 2 })).toBe(true)
    expect(isNewer({ guardian: 1, household: 2 }, { guardian: 1, household: 2 })).toBe(false)
  })
})

describe('a form over what several people edit', () => {
  it('shows a newer state where nothing was typed', () => {
    const { result, rerender } = form()
    rerender({ value: { ...HOME, city: 'Halle' }, version: 2 })
    expect(result.current.value.city).toBe('Halle')
    expect(result.current.conflict).toBeNull()
  })

  it('never sends old values with a newer version', async () => {
    const { result, rerender, save } = form({ save: (_value, version) => (version < 2 ? Promise.reject(stale) : Promise.resolve()) })
    act(() => result.current.set({ city: 'Gera' }))
    rerender({ value: { ...HOME, city: 'Halle' }, version: 2 })
    expect(result.current.value.city).toBe('Gera')
    renderPage(<>{result.current.conflict}</>)
    expect(screen.getByText('Halle')).toBeInTheDocument()
    await act(async () => { expect(await result.current.submit()).toBe(false) })
    expect(save).toHaveBeenLastCalledWith({ ...HOME, city: 'Gera' }, 1)
  })

  it('shows every field in words, so that nothing is lifted unseen', async () => {
    const { result } = form({ save: () => Promise.reject(stale), newest: () => Promise.resolve({ value: { city: 'Leipzig', address_protected: false }, version: 4 }) })
    act(() => result.current.set({ city: 'Gera' }))
    await act(async () => { await result.current.submit() })
    renderPage(<>{result.current.conflict}</>)
    expect(screen.getByText('gesperrt')).toBeInTheDocument()
    expect(screen.getByText('offen')).toBeInTheDocument()
  })

  it('asks nothing where both stored the same', async () => {
    const { result } = form({ save: () => Promise.reject(stale), newest: () => Promise.resolve({ value: { ...HOME, city: 'Gera' }, version: 4 }) })
    act(() => result.current.set({ city: ' Gera' }))
    await act(async () => { expect(await result.current.submit()).toBe(true) })
    expect(result.current.conflict).toBeNull()
    expect(result.current.unsaved).toBe(false)
  })

  it('keeps a draft together with the version that it was typed over', async () => {
    const first = form({ draft: 'home' })
    act(() => first.result.current.set({ city: 'Gera' }))
    first.unmount()
    const again = form({ draft: 'home', save: (_value, version) => (version === 1 ? Promise.reject(stale) : Promise.resolve()), newest: () => Promise.resolve({ value: { ...HOME, city: 'Halle' }, version: 2 }) })
    expect(again.result.current.value.city).toBe('Gera')
    again.rerender({ value: { ...HOME, city: 'Halle' }, version: 2 })
    await waitFor(() => expect(again.result.current.conflict).not.toBeNull())
    renderPage(<>{again.result.current.conflict}</>)
    await act(async () => { screen.getByRole('button', { name: 'Meine Eingabe speichern' }).click(); await Promise.resolve() })
    expect(again.save).toHaveBeenLastCalledWith({ ...HOME, city: 'Gera' }, 2)
    expect(sessionStorage.getItem('kp-draft:home')).toBeNull()
  })
})
