import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { MemoryRouter } from 'react-router'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tenantApi } from '../api/client'
import { ApiContext } from '../api/context'
import { draftsBelongTo, readDraft, writeDraft } from '../lib/drafts'
import type { Tenant } from '../api/types'
import { useUnsaved } from '../lib/unsaved'
import { renderPage } from '../test/render'
import { KEEP_ALIVE } from './keep-alive'
import { setLanguage } from '../i18n'
import { LanguageSwitch } from './layout'
import { Guard, SessionScope, useSession } from './session'
import { TenantContext } from './tenant'

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

  it('is kept while somebody types, and looked at no more than every ten minutes', async () => {
    await open('anna')
    const now = vi.spyOn(Date, 'now')
    const began = Date.now()
    const typeAt = (time: number) => { now.mockReturnValue(began + time); fireEvent.input(document.body) }
    fetched.mockImplementation(() => Promise.resolve(answer(200, sessionOf('anna'))))
    typeAt(KEEP_ALIVE / 2)
    expect(fetched).toHaveBeenCalledTimes(1)
    typeAt(KEEP_ALIVE + 1)
    typeAt(KEEP_ALIVE + 2)
    now.mockRestore()
    await waitFor(() => expect(fetched).toHaveBeenCalledTimes(2))
  })

  it('that ends leaves what is typed in its place, and nothing of it to another person', async () => {
    function Form() {
      const { session } = useSession()
      const [text, setText] = useState('')
      useUnsaved(text !== '')
      return <><p>{session.account?.id}</p><input aria-label="Notiz" value={text} onChange={(event) => setText(event.target.value)} /></>
    }
    renderPage(<p />)
    fetched.mockResolvedValueOnce(answer(200, sessionOf('anna')))
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
    render(
      <QueryClientProvider client={client}><MemoryRouter><ApiContext.Provider value={api}><TenantContext.Provider value={{ slug: 'stadt' } as Tenant}>
        <SessionScope><Guard><Form /></Guard></SessionScope>
      </TenantContext.Provider></ApiContext.Provider></MemoryRouter></QueryClientProvider>,
    )
    fireEvent.change(await screen.findByLabelText('Notiz'), { target: { value: 'Ruft morgen an' } })
    const look = async (id: string | null) => {
      fetched.mockResolvedValueOnce(answer(200, sessionOf(id)))
      await act(async () => { await client.refetchQueries() })
    }
    await look(null)
    await screen.findByText('Ihre Sitzung ist beendet')
    expect(screen.getByLabelText('Notiz')).toHaveValue('Ruft morgen an')
    await look('anna')
    await waitFor(() => expect(screen.queryByText('Ihre Sitzung ist beendet')).toBeNull())
    expect(screen.getByLabelText('Notiz')).toHaveValue('Ruft morgen an')
    await look('bert')
    await screen.findByText('bert')
    expect(screen.getByLabelText('Notiz')).toHaveValue('')
  })

  it('has the language that is chosen above the page, by its newest version', async () => {
    renderPage(<p />)
    const Who = () => <p>{useSession().session.account?.id}</p>
    const seen = (version: number) => ({ ...sessionOf('anna'), account: { id: 'anna', kind: 'parent', language: 'de', display_name: 'anna', version } })
    fetched.mockResolvedValueOnce(answer(200, seen(1)))
    render(
      <QueryClientProvider client={new QueryClient()}><MemoryRouter><ApiContext.Provider value={api}><TenantContext.Provider value={{ slug: 'stadt', languages: ['de', 'en'] } as Tenant}>
        <SessionScope><LanguageSwitch /><Who /></SessionScope>
      </TenantContext.Provider></ApiContext.Provider></MemoryRouter></QueryClientProvider>,
    )
    await screen.findByText('anna')
    fetched.mockImplementation(() => Promise.resolve(answer(200, seen(2))))
    fireEvent.click(screen.getByText('English'))
    const patched = () => fetched.mock.calls.find(([, init]) => init?.method === 'PATCH')
    await waitFor(() => expect(patched()).toBeDefined())
    const [url, init] = patched() ?? []
    expect(String(url)).toMatch(/\/account$/)
    expect(init?.body).toBe('{"language":"en"}')
    expect(new Headers(init?.headers).get('if-match')).toBe('"2"')
    await act(async () => { await setLanguage('de', true) })
  })
})
