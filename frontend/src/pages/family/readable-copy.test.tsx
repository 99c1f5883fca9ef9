import { screen } from '@testing-library/react'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { ApiClient } from '../../api/client'
import { ApiContext } from '../../api/context'
import actions from '../../locales/de/actions.json'
import copies from '../../locales/de/copy.json'
import privacy from '../../locales/de/privacy.json'
import { renderPage } from '../../test/render'
import { ReadableCopy, type PersonalCopy } from './readable-copy'

const events = (extra: Record<string, unknown>): PersonalCopy => ({
  format: 'kitaplatz-auskunft/1', made_at: '2027-02-01T09:00:00Z', municipality: 'Musterstadt',
  data: { audit_event: Array.from({ length: 205 }, (_, at) => ({ id: `e${at}`, at: '2027-02-01T09:00:00Z', action: 'list_sessions', role: null, outcome: 'done', ...extra })) },
})

/** Has no criteria. */
class Fake extends ApiClient {
  constructor() { super('/api') }
  override get<T>(): Promise<T> { return Promise.resolve({ items: [] } as T) }
}

function show(copy: PersonalCopy, own: boolean): void {
  renderPage(<></>).unmount()
  for (const [name, words] of Object.entries({ actions, copy: copies, privacy })) i18next.addResourceBundle('de', name, words)
  renderPage(<ApiContext value={new Fake()}><ReadableCopy copy={copy} own={own} /></ApiContext>)
}

function lines(): string[] {
  return screen.getAllByRole('listitem').map((line) => line.textContent)
}

describe('a copy in words', () => {
  it('shows of the own doing what it was, and the latest of it', async () => {
    show(events({}), true)
    expect(await screen.findByText('Hier stehen die letzten 200 von 205. Alle stehen in der Datei.')).toBeInTheDocument()
    expect(screen.getByRole('heading', { name: 'Was Sie wann getan haben' })).toBeInTheDocument()
    expect(lines()).toHaveLength(200)
    expect(lines()[0]).toContain('Eigene Anmeldungen angesehen')
  })

  it('shows a family all, and of others only that something was looked at or changed', async () => {
    show(events({ changed: false }), false)
    expect(await screen.findAllByRole('listitem')).toHaveLength(205)
    expect(lines()[0]).not.toContain('Eigene Anmeldungen angesehen')
  })
})
