import { describe, expect, it } from 'vitest'
import { ApiClient, ApiError } from '../../api/client'
import type { StaffPreference } from '../../api/types'
import { can, takeAll } from './steps'

const row = (id: string): StaffPreference => ({ id, version: 3, state: 'received' }) as StaffPreference

class Fake extends ApiClient {
  readonly sent: { path: string; version: number | undefined }[] = []
  constructor() { super('/api') }
  override post<T>(path: string, _body?: unknown, options?: { version?: number | undefined }): Promise<T> {
    this.sent.push({ path, version: options?.version })
    if (path.includes('/b/')) return Promise.reject(new ApiError(412, { code: 'version.stale' }, null))
    return Promise.resolve({ ...row('x'), version: 4 } as T)
  }
}

describe('steps of a preference', () => {
  it('offers only what the state allows', () => {
    expect(can('offer', 'waitlisted')).toBe(true)
    expect(can('refuse', 'paused')).toBe(false)
    expect(can('reopen', 'refused')).toBe(true)
    expect(can('review', 'invited')).toBe(false)
  })
  it('goes on after a refusal of one and sends the version that was seen', async () => {
    const api = new Fake()
    const result = await takeAll(api, [row('a'), row('b'), row('c')], 'review')
    expect(result.done).toHaveLength(2)
    expect(result.failed.map((entry) => entry.row.id)).toEqual(['b'])
    expect(api.sent.map((entry) => entry.version)).toEqual([3, 3, 3])
  })
})
