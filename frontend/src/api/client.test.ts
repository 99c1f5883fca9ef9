import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiClient, ApiError, toSearch } from './client'

const answer = (status: number, body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers })
const fetched = vi.fn<typeof fetch>()

beforeEach(() => { vi.stubGlobal('fetch', fetched) })
afterEach(() => { vi.unstubAllGlobals(); fetched.mockReset() })
const lastRequest = () => {
  const [url, init] = fetched.mock.calls.at(-1) ?? []
  return { url, init, headers: new Headers(init?.headers) }
}

describe('ApiClient', () => {
  const api = new ApiClient('/api/v1/leipzig')

  it('leaves empty filters out of the address', () => {
    expect(toSearch({ q: '', care_type: undefined, free: null, limit: 20, inclusive: false })).toBe('?limit=20')
    expect(toSearch({})).toBe('')
  })

  it('sends version and key as headers and the body as JSON', async () => {
    fetched.mockResolvedValue(answer(200, { ok: 1 }))
    await api.patch('/account', { language: 'en' }, { version: 3, idempotencyKey: 'abcdefgh' })
    const { url, init, headers } = lastRequest()
    expect(url).toBe('/api/v1/leipzig/account')
    expect(init?.method).toBe('PATCH')
    expect(init?.credentials).toBe('same-origin')
    expect(init?.body).toBe('{"language":"en"}')
    expect(headers.get('if-match')).toBe('"3"')
    expect(headers.get('idempotency-key')).toBe('abcdefgh')
    expect(headers.get('content-type')).toBe('application/json')
  })

  it('sends no content type without a body', async () => {
    fetched.mockResolvedValue(answer(204, null, {}))
    await expect(api.delete('/session')).resolves.toBeUndefined()
    expect(lastRequest().headers.has('content-type')).toBe(false)
  })

  it('turns problem+json into an ApiError with fields and request id', async () => {
    const body = { status: 422, code: 'demand.incomplete', detail: 'x', request_id: 'r1', errors: [{ pointer: '/desired_start', code: 'required', detail: 'y' }] }
    fetched.mockResolvedValue(answer(422, body, { 'content-type': 'application/problem+json' }))
    const error = await api.post('/demands/1/submit', {}).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 422, code: 'demand.incomplete', requestId: 'r1' })
    expect((error as ApiError).errors[0]?.pointer).toBe('/desired_start')
  })

  it('keeps the request id of an answer that is no problem document', async () => {
    fetched.mockResolvedValue(new Response('bad gateway', { status: 502, headers: { 'x-request-id': 'r2' } }))
    await expect(api.get('/family')).rejects.toMatchObject({ status: 502, requestId: 'r2', code: 'unknown' })
  })

  it('calls a lost connection by its name', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'))
    await expect(api.get('/family')).rejects.toMatchObject({ code: 'network', isOffline: true })
  })
})
