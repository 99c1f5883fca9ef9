import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { ApiClient, type Query } from '../../api/client'
import { ApiContext } from '../../api/context'
import type { Tenant } from '../../api/types'
import { TenantContext } from '../../app/tenant'
import work from '../../locales/de/work.json'
import { renderPage } from '../../test/render'
import { OffersPage } from './offers'
import { OwnFacilities } from './own-facilities'

const KITA = { id: 'k', name: 'Kita am Park', city: 'Flensburg', counts: { received: 0, waitlisted: 0, offered: 0 }, overdue: 0, next_deadline: null, bookable_now: 3, capacity_confirmed_on: '2026-11-24', capacity_is_example: true }

/** Has one facility and no offers, and remembers how it was asked for these. */
class Fake extends ApiClient {
  readonly asked: (Query | undefined)[] = []
  constructor(private readonly kita: typeof KITA = KITA) { super('/api') }
  override get<T>(path: string, query?: Query): Promise<T> {
    if (path === '/staff/offers') this.asked.push(query)
    const items = path === '/staff/facilities' ? [this.kita] : []
    return Promise.resolve({ items, total: items.length, next_cursor: null, lists: {}, version: 1 } as T)
  }
}

describe('the list of offers', () => {
  it('asks once for all that waits for an answer, by deadline, and for the rest by the day it was sent', async () => {
    const api = new Fake()
    renderPage(<ApiContext value={api}><OffersPage /></ApiContext>)
    i18next.addResourceBundle('de', 'work', work)
    await screen.findByText(work.offers.emptyOpen)
    expect(api.asked).toEqual([expect.objectContaining({ state: 'sent,viewed', sort: 'deadline', direction: 'asc' })])
    await userEvent.click(screen.getByRole('button', { name: work.offers.view.all }))
    await screen.findByText(work.offers.empty)
    expect(api.asked.at(-1)).toMatchObject({ sort: 'sent', direction: 'desc' })
    expect(api.asked.at(-1)?.['state']).toBeUndefined()
  })
})

describe('the own facilities', () => {
  const shown = async (kita: typeof KITA) => {
    renderPage(<TenantContext value={{ slug: 'flensburg' } as Tenant}><ApiContext value={new Fake(kita)}><OwnFacilities /></ApiContext></TenantContext>)
    i18next.addResourceBundle('de', 'work', work)
    await screen.findAllByText(KITA.name)
  }
  it('show the day on which the figures were confirmed', async () => {
    await shown({ ...KITA, capacity_is_example: false })
    expect(screen.getByText('24.11.2026')).toBeInTheDocument()
  })
  it('show no such day where the figures were made up', async () => {
    await shown(KITA)
    expect(screen.getByText(work.queue.example)).toBeInTheDocument()
    expect(screen.queryByText('24.11.2026')).toBeNull()
  })
})
