import { act, renderHook, waitFor } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tenantApi } from '../api/client'
import { ApiContext } from '../api/context'
import { draftsBelongTo, readDraft, writeDraft } from '../lib/drafts'
import { SessionScope, useSession } from './session'

const answer = (status: number, body: unknown) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const sessionOf = (id: string | null) => ({ account: id && { id, kind: 'parent', language: 'xx', display_name: id, version: 1 }, roles: [], second_factor: null, expires_at: null, acting: null })
const fetched = vi.fn<typeof fetch>()
const api = tenantApi('stadt')
const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
    <MemoryRouter><ApiContext.Provider value={api}><SessionScope>{children}</SessionScope></ApiContext.Provider></MemoryRouter>
  </QueryClientProvider>
)
const open = async (id: string | null) => {
  fetched.mockResolvedValueOnce(answer(200, sessionOf(id)))
  const hook = renderHook(() => useSession(), { wrapper })
  await waitFor(() => expect(hook.result.current.ready).toBe(true))
  return hook
}

beforeEach(() => vi.stubGlobal('fetch', fetched))
afterEach(() => { vi.unstubAllGlobals(); fetched.mockReset(); sessionStorage.clear(); draftsBelongTo(null) })

describe('a session', () => {
  it('of another person finds nothing of the one whose session ended in this tab', async () => {
    const anna = await open('anna')
    writeDraft('family', { city: 'Leipzig' })
    anna.unmount()
    const later = await open(null)
    expect(readDraft('family')).not.toBeNull()
    act(() => later.result.current.enter(sessionOf('bert') as never))
    expect(readDraft('family')).toBeNull()
  })

  it('leaves nothing behind at signing out, even where the server does not answer, and says so', async () => {
    const { result } = await open('anna')
    writeDraft('family', { city: 'Leipzig' })
    fetched.mockRejectedValueOnce(new TypeError('offline'))
    await act(async () => { await expect(result.current.signOut()).rejects.toMatchObject({ isOffline: true }) })
    expect(readDraft('family')).toBeNull()
    expect(result.current.session.account?.id).toBe('anna')
    fetched.mockResolvedValueOnce(answer(204, null))
    await act(async () => { await result.current.signOut() })
    await waitFor(() => expect(result.current.session.account).toBeNull())
  })
})
