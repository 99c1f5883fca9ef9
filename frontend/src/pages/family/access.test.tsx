import { screen } from '@testing-library/react'
import i18next from 'i18next'
import { Route, Routes } from 'react-router'
import { describe, expect, it } from 'vitest'
import { ApiClient } from '../../api/client'
import { ApiContext } from '../../api/context'
import type { Tenant } from '../../api/types'
import { TenantContext } from '../../app/tenant'
import privacy from '../../locales/de/privacy.json'
import { renderPage } from '../../test/render'
import AccessPage from './access'

const event = (id: string, by: string, action: string) => ({ id, at: '2026-11-24T10:00:00Z', by, role: null, place: null, on_behalf_of: null, action, changed: true, reason: null })

class Fake extends ApiClient {
  constructor() { super('/api') }
  override get<T>(path: string): Promise<T> {
    const items = [event('1', 'staff', 'accept_mandate'), event('2', 'guardian', 'act_for_family'), event('3', 'staff', 'confirm_demand')]
    return Promise.resolve((path === '/family' ? { children: [{ id: 'k', first_name: 'Mia' }] } : { items, total: 3, next_cursor: null }) as T)
  }
}

describe('who looked at my child', () => {
  it('is neither the office nor another parent where somebody takes up a mandate', async () => {
    renderPage(<p />)
    i18next.addResourceBundle('de', 'privacy', privacy)
    renderPage(
      <TenantContext value={{ slug: 'flensburg' } as Tenant}><ApiContext value={new Fake()}><Routes><Route path="/kind/:child" element={<AccessPage />} /></Routes></ApiContext></TenantContext>,
      '/kind/k',
    )
    expect(await screen.findAllByText(privacy.access.holder)).toHaveLength(2)
    expect(screen.getAllByText(privacy.access.office)).toHaveLength(1)
    expect(screen.queryByText(privacy.access.by.guardian)).toBeNull()
  })
})
