import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type JSX } from 'react'
import { useLocation } from 'react-router'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiClient } from '../api/client'
import { ApiContext } from '../api/context'
import { renderPage } from '../test/render'
import { useSorting } from './address'
import { hasWords } from './narrow'
import { inOrder } from './order'
import { DataTable, type Col } from './table'

type Row = { id: string; name: string; hours: number | null }
const ROWS: Row[] = [{ id: '1', name: 'Zoe', hours: 9 }, { id: '2', name: 'Änne', hours: null }, { id: '3', name: 'Mia', hours: 35 }, { id: '4', name: 'Bea', hours: 35 }]
const columns: Col<Row>[] = [
  { id: 'name', header: 'Kind', fixed: true, text: (row) => row.name, cell: (row) => row.name },
  { id: 'hours', header: 'Stunden', text: (row) => row.hours, cell: (row) => row.hours ?? '–' },
  { id: 'act', header: 'Handlung', cell: () => 'öffnen' },
]
const names = () => within(screen.getByRole('table')).getAllByRole('rowheader').map((cell) => cell.textContent)

function Address(): JSX.Element { return <output>{useLocation().search}</output> }
/** A list of which the server gave two rows, and gives two more. */
function InParts(): JSX.Element {
  const [count, setCount] = useState(2)
  const list = { items: ROWS.slice(0, count), total: 4, isPending: false, error: null, refetch: () => undefined, hasNextPage: count < 4, isFetchingNextPage: false, fetchNextPage: () => setCount(4), all: async () => ROWS }
  return <><DataTable name="gastkinder" caption="Gastkinder" columns={columns} list={list} rowKey={(row) => row.id} empty={{ title: 'leer' }} /><Address /></>
}

afterEach(() => vi.unstubAllGlobals())

describe('the order of a table', () => {
  it('knows numbers and umlauts, leaves rows with the same value as they are, and puts what says nothing last', () => {
    const by = (text: (row: Row) => string | number | null, direction: 'asc' | 'desc') => inOrder(ROWS, text, direction, 'de').map((row) => row.name)
    expect(by((row) => row.name, 'asc')).toEqual(['Änne', 'Bea', 'Mia', 'Zoe'])
    expect(by((row) => row.hours, 'asc')).toEqual(['Zoe', 'Mia', 'Bea', 'Änne'])
    expect(by((row) => row.hours, 'desc')).toEqual(['Mia', 'Bea', 'Zoe', 'Änne'])
  })

  it('is chosen at the head, told by aria-sort, kept in the address, and holds for the whole list', async () => {
    renderPage(<InParts />)
    expect(screen.getByText('4 Gastkinder')).toBeInTheDocument()
    expect(names()).toEqual(['Zoe', 'Änne'])
    const head = () => screen.getByRole('columnheader', { name: /Stunden/ })
    expect(head()).toHaveAttribute('aria-sort', 'none')
    within(head()).getByRole('button').focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(names()).toEqual(['Zoe', 'Mia', 'Bea', 'Änne']))
    expect(head()).toHaveAttribute('aria-sort', 'ascending')
    expect(screen.getByText('?sort=gastkinder.hours&direction=asc')).toBeInTheDocument()
    await userEvent.keyboard('{Enter}')
    expect(head()).toHaveAttribute('aria-sort', 'descending')
    expect(names()).toEqual(['Mia', 'Bea', 'Zoe', 'Änne'])
    await userEvent.keyboard('{Enter}')
    expect(head()).toHaveAttribute('aria-sort', 'none')
    expect(screen.getByRole('columnheader', { name: 'Handlung' })).not.toHaveAttribute('aria-sort')
  })

  it('is that of another table of the page when its name says so', () => {
    renderPage(<InParts />, '/?sort=zuzug.hours&direction=desc')
    expect(names()).toEqual(['Zoe', 'Änne'])
  })
})

/** Two lists of one page that the server sorts. */
function TwoOrders(): JSX.Element {
  const first = useSorting({ by: 'email', direction: 'asc' })
  const second = useSorting({ by: 'expires', direction: 'desc' }, 'einladungen')
  return (
    <>
      {[first, second].map(({ sort, onSort }, at) => <button type="button" key={at} onClick={() => onSort('email')}>{`${sort.by} ${sort.direction}`}</button>)}
      <Address />
    </>
  )
}

describe('the orders of two lists of a page', () => {
  it('stand in one address, each under its name, and the one does not turn the other', async () => {
    renderPage(<TwoOrders />)
    await userEvent.click(screen.getByRole('button', { name: 'expires desc' }))
    expect(screen.getByText('?sort=einladungen.email&direction=asc')).toBeInTheDocument()
    expect(screen.getAllByRole('button', { name: 'email asc' })).toHaveLength(2)
    await userEvent.click(screen.getAllByRole('button')[1]!)
    expect(screen.getByText('?sort=einladungen.email&direction=desc')).toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'email asc' }))
    expect(screen.getByText('?sort=email&direction=desc')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'expires desc' })).toBeInTheDocument()
  })
})

describe('a search in the browser', () => {
  it('finds every word that was typed, with or without the dots and strokes on its letters', () => {
    expect(hasWords('Evangelische Kita Größenwahn', 'GRO kita')).toBe(true)
    expect(hasWords('Kita Straße', 'strasse')).toBe(true)
    expect(hasWords('Kita Sonne', 'kita mond')).toBe(false)
    expect(hasWords('Kita Sonne', undefined)).toBe(true)
    expect(hasWords('Kita Sonne', '  ')).toBe(true)
  })
})

describe('a table as a file', () => {
  it('has all rows in the order of the page, only the columns that are shown, and numbers as numbers', async () => {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      sent.push(JSON.parse(String(init.body)))
      return Promise.resolve(new Response('file', { status: 200 }))
    })
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }))
    renderPage(<ApiContext value={new ApiClient('/api/v1/musterstadt')}><InParts /></ApiContext>, '/?sort=gastkinder.name&direction=desc')
    await userEvent.click(screen.getByText('Herunterladen'))
    await userEvent.click(screen.getByRole('button', { name: 'Als Excel-Datei speichern' }))
    await waitFor(() => expect(sent).toEqual([
      { list: 'guests', format: 'xlsx', title: 'Gastkinder', headers: ['Kind', 'Stunden'], rows: [['Zoe', 9], ['Mia', 35], ['Bea', 35], ['Änne', null]] },
    ]))
    await userEvent.click(screen.getByText('Herunterladen'))
    await userEvent.click(screen.getByRole('button', { name: 'Als PDF zum Drucken speichern' }))
    await waitFor(() => expect(sent[1]).toEqual(
      { list: 'guests', format: 'pdf', title: 'Gastkinder', headers: ['Kind', 'Stunden'], rows: [['Zoe', '9'], ['Mia', '35'], ['Bea', '35'], ['Änne', null]] },
    ))
  })
})
