import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import type { JSX } from 'react'
import { describe, expect, it } from 'vitest'
import { ApiClient, ApiError } from '../../api/client'
import { ApiContext } from '../../api/context'
import type { StaffPreference } from '../../api/types'
import work from '../../locales/de/work.json'
import { useUndo } from '../../staff'
import { renderPage } from '../../test/render'
import { useBulk, type BulkStep } from './bulk'

const row = (id: string): StaffPreference => ({ id, version: 3, state: 'received', child: { label: `Kind ${id}` } }) as StaffPreference

/** Takes every step; somebody else changes one of the rows before it can be taken back. */
class Fake extends ApiClient {
  readonly back: string[] = []
  readonly stale: string | null
  constructor(stale: string | null) { super('/api'); this.stale = stale }
  override post<T>(path: string): Promise<T> {
    const [id, step] = path.split('/').slice(-2)
    if (step === 'reopen' && id === this.stale) return Promise.reject(new ApiError(412, { code: 'version.stale' }, null))
    if (step === 'reopen') this.back.push(id!)
    return Promise.resolve({ ...row(id!), version: 4 } as T)
  }
}

function List({ step }: { step: BulkStep }): JSX.Element {
  const { offer, bar } = useUndo()
  const bulk = useBulk([row('a'), row('b'), row('c')], offer, () => Promise.resolve())
  return <><button type="button" onClick={() => void bulk.run(step, { reason: 'age' })}>los</button><p>{bulk.failed.join(', ')}</p>{bar}</>
}

async function undone(api: ApiClient, step: BulkStep): Promise<HTMLElement> {
  renderPage(<ApiContext value={api}><List step={step} /></ApiContext>)
  i18next.addResourceBundle('de', 'work', work)
  await userEvent.click(screen.getByRole('button', { name: 'los' }))
  await userEvent.click(await screen.findByRole('button', { name: /Rückgängig/ }))
  return screen.getByRole('status')
}

describe('taking back what was done to many rows', () => {
  it('says which rows stay as they are', async () => {
    const api = new Fake('b')
    const status = await undone(api, 'refuse')
    expect(status).toHaveTextContent('Eine von 3 Antworten ließ sich nicht zurücknehmen.')
    expect(screen.getByText('Kind b')).toBeInTheDocument()
    expect(api.back).toEqual(['a', 'c'])
  })
  it('is offered for a review too', async () => {
    const api = new Fake(null)
    expect(await undone(api, 'review')).toHaveTextContent('Rückgängig gemacht.')
    expect(api.back).toEqual(['a', 'b', 'c'])
  })
})
