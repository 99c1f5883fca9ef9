import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { ApiClient, type Query } from '../../api/client'
import { ApiContext } from '../../api/context'
import work from '../../locales/de/work.json'
import { renderPage } from '../../test/render'
import { PreferencesPage } from './preferences'

/** Has no preferences, and remembers which states it was asked for. */
class Fake extends ApiClient {
  readonly asked: unknown[] = []
  constructor() { super('/api') }
  override get<T>(path: string, query?: Query): Promise<T> {
    if (path === '/staff/preferences') this.asked.push(query?.['state'])
    return Promise.resolve({ items: [], total: 0, next_cursor: null, lists: {}, version: 1 } as T)
  }
}

describe('the list of preferences', () => {
  it('shows what is not decided yet, and all of them to whoever asks', async () => {
    const api = new Fake()
    renderPage(<ApiContext value={api}><PreferencesPage /></ApiContext>)
    i18next.addResourceBundle('de', 'work', work)
    await screen.findByText(work.list.emptyLiving)
    expect(api.asked.at(-1)).toBe('received,under_review,invited,waitlisted,offered,accepted,paused')
    await userEvent.click(screen.getByRole('button', { name: work.list.view.all }))
    await screen.findByText(work.list.empty)
    expect(api.asked.at(-1)).toBeUndefined()
    expect(screen.getByRole('button', { name: work.list.view.all })).toHaveAttribute('aria-pressed', 'true')
  })
})
