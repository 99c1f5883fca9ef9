import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { useState, type JSX } from 'react'
import { describe, expect, it } from 'vitest'
import { ApiClient } from '../../api/client'
import { ApiContext } from '../../api/context'
import type { KnownChild } from '../../api/types'
import office from '../../locales/de/office.json'
import { renderPage } from '../../test/render'
import { SiblingPart, siblingOf, type SiblingChoice } from './known-siblings'

const MIA: KnownChild = { child_id: 'mia', name: 'Mia Braun', birth_date: '2026-03-14', guardians: ['Jana Braun'], has_account: false, place: null, demands: [] }

/** Knows Mia of Jana Braun and nobody else. */
class Fake extends ApiClient {
  constructor() { super('/api') }
  override post<T>(_path: string, body?: unknown): Promise<T> {
    const { first_name } = body as { first_name: string }
    return Promise.resolve({ items: first_name === 'Jana' ? [MIA] : [] } as T)
  }
}

let last: SiblingChoice | null = null
function Part({ first }: { first: string }): JSX.Element {
  const [found, setFound] = useState<SiblingChoice | null>(null)
  return <SiblingPart first={first} last="Braun" found={found} onChange={(next) => { last = next; setFound(next) }} error={undefined} />
}

async function looked(first: string): Promise<void> {
  renderPage(<ApiContext value={new Fake()}><Part first={first} /></ApiContext>)
  i18next.addResourceBundle('de', 'office', office)
  await userEvent.click(screen.getByRole('button'))
}

describe('siblings on paper', () => {
  it('sends nothing until the clerk says which child it is', async () => {
    await looked('Jana')
    expect(siblingOf(last)).toEqual({})
    await userEvent.click(await screen.findByRole('radio', { name: /Mia Braun/ }))
    expect(siblingOf(last)).toEqual({ sibling_of: 'mia' })
  })

  it('says that nobody is known', async () => {
    await looked('Otto')
    expect(await screen.findByText('Von Otto Braun ist kein Kind auf Papier bekannt.')).toBeInTheDocument()
    expect(siblingOf(last)).toEqual({})
  })
})
