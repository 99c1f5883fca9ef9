import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import type { JSX } from 'react'
import { describe, expect, it } from 'vitest'
import { ApiClient } from '../../api/client'
import { ApiContext } from '../../api/context'
import type { OfficeDemandDetail, Tenant } from '../../api/types'
import { TenantContext } from '../../app/tenant'
import siblings from '../../locales/de/siblings.json'
import office from '../../locales/de/office.json'
import told from '../../locales/de/told.json'
import { renderPage } from '../../test/render'
import { DemandChangeTold } from './change'
import { DemandTold } from '.'

const DEMAND = {
  id: 'd1', child: { id: 'k1', label: 'Mia B.' }, state: 'confirmed', desired_start: '2027-08-01', latest_start: null, hours_per_week: 30, least_hours: null,
  window_from: null, window_to: null, version: 1, siblings: null,
  preferences: [{ id: 'w1', rank: 1, facility_id: 'f1', facility_name: 'Kita am Park', state: 'declined' }],
} as unknown as OfficeDemandDetail

/** Remembers what it was sent. */
class Fake extends ApiClient {
  sent: unknown = null
  constructor() { super('/api') }
  override post<T>(_path: string, body?: unknown): Promise<T> {
    this.sent = body
    return Promise.resolve({} as T)
  }
}

const closing = { onClose: () => undefined, onDone: () => undefined }
const shown = (part: JSX.Element): Fake => {
  renderPage(<p />)
  for (const [name, texts] of Object.entries({ told, office, siblings })) i18next.addResourceBundle('de', name, texts)
  const api = new Fake()
  renderPage(<TenantContext value={{ max_preferences: 5 } as Tenant}><ApiContext value={api}>{part}</ApiContext></TenantContext>)
  return api
}

describe('what a family without an account says', () => {
  const together = () => screen.queryByLabelText(new RegExp(siblings.answer.required.slice(0, 12)))

  it('is nothing of siblings where the child has none', () => {
    shown(<DemandTold demand={DEMAND} {...closing} />)
    expect(screen.getByLabelText(told.demand.still_needed)).toBeInTheDocument()
    expect(together()).toBeNull()
  })
  it('may be of siblings who look for a place at the same time', () => {
    const with_ = [{ demand_id: 'd2', child: { id: 'k2', label: 'Leo B.' } }]
    shown(<DemandTold demand={{ ...DEMAND, siblings: { with: with_, common: [], answer: null, said_at: null, changeable: true } }} {...closing} />)
    expect(together()).toBeInTheDocument()
  })
})

describe('a demand changed by letter', () => {
  it('says which wish has ended, and changes the rest without a new one', async () => {
    const api = shown(<DemandChangeTold demand={DEMAND} {...closing} />)
    expect(screen.getByText(/Kita am Park \(Platz abgelehnt\)/)).toBeInTheDocument()
    const hours = screen.getByLabelText(office.intake.hours)
    await userEvent.clear(hours)
    await userEvent.type(hours, '35')
    await userEvent.click(screen.getByLabelText(told.way.letter))
    await userEvent.click(screen.getByRole('button', { name: told.change.save }))
    expect(api.sent).toMatchObject({ demand: { hours_per_week: 35 }, facility_ids: null })
  })
})
