import { act, renderHook, waitFor } from '@testing-library/react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tenantApi } from './client'
import { ApiContext } from './context'
import { useGet } from './hooks'

const fetched = vi.fn<typeof fetch>()
const api = tenantApi('stadt')
const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}><ApiContext.Provider value={api}>{children}</ApiContext.Provider></QueryClientProvider>
)
const refusal = (status: number) => new Response(JSON.stringify({ code: 'x' }), { status, headers: { 'content-type': 'application/problem+json' } })
beforeEach(() => vi.stubGlobal('fetch', fetched))
afterEach(() => { vi.unstubAllGlobals(); fetched.mockReset() })

describe('reading again', () => {
  const first = async () => {
    fetched.mockResolvedValueOnce(new Response('{"name":"Kita"}', { status: 200 }))
    const hook = renderHook(() => useGet<{ name: string }>('/thing'), { wrapper })
    await waitFor(() => expect(hook.result.current.data).toEqual({ name: 'Kita' }))
    return hook
  }
  it.each([['a lost connection', () => Promise.reject(new TypeError('offline'))], ['a failing server', () => Promise.resolve(refusal(500))]])('leaves what is known in its place at %s', async (_what, answer) => {
    const { result } = await first()
    fetched.mockImplementationOnce(answer)
    await act(async () => { await result.current.refetch() })
    expect(result.current.error).toBeNull()
    expect(result.current.data).toEqual({ name: 'Kita' })
  })
  it('tells that a thing is gone, and what failed at the first time', async () => {
    const { result } = await first()
    fetched.mockResolvedValueOnce(refusal(404))
    await act(async () => { await result.current.refetch() })
    await waitFor(() => expect(result.current.error?.status).toBe(404))
    fetched.mockResolvedValueOnce(refusal(500))
    const other = renderHook(() => useGet('/other'), { wrapper })
    await waitFor(() => expect(other.result.current.error?.status).toBe(500))
  })
})
