import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { ApiClient } from '../api/client'
import { ApiContext } from '../api/context'
import type { Version } from '../api/versions-types'
import versions from '../locales/de/versions.json'
import { renderPage } from '../test/render'
import { EarlierVersions } from './versions'

const of = (number: number, changes: Version['changes'], found = false): Version =>
  ({ kind: 'settings', subject: 's', number, found, since: null, latest: false, by: 'Vera Waltung', recorded_at: '2026-11-24T10:00:00Z', changes }) as Version

class Fake extends ApiClient {
  constructor() { super('/api') }
  override get<T>(): Promise<T> {
    const items = [of(3, [{ path: ['body'], before: null, after: [] }] as Version['changes']), of(2, [{ path: ['body'], before: 'Markt 1', after: 'Markt 2' }]), of(1, [], true)]
    return Promise.resolve({ items, total: 3, next_cursor: null } as T)
  }
}

describe('earlier versions', () => {
  it('say where a version changed nothing, once and not of the first, which only was found', async () => {
    renderPage(<p />)
    i18next.addResourceBundle('de', 'versions', versions)
    renderPage(<ApiContext value={new Fake()}><EarlierVersions /></ApiContext>)
    await userEvent.click(screen.getByText(versions.title))
    expect(await screen.findByText('Fassung 2')).toBeInTheDocument()
    expect(screen.getAllByText(versions.unchanged)).toHaveLength(1)
    expect(screen.getByText(versions.found)).toBeInTheDocument()
  })
})
