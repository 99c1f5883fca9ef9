import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../api/client'
import { EMPTY_DATE, toIso, type DateParts } from '../lib/dates'
import { renderPage } from '../test/render'
import { Badge, Button, Checkbox, DateField, Dialog, ErrorSummary, ProblemView, RadioGroup, SaveState, Table, TextField } from '.'

describe('fields', () => {
  it('ties label, hint and error to the input', () => {
    renderPage(<TextField id="mail" label="E-Mail" hint="Wie name@beispiel.de" error="Fehlt" value="" onChange={() => {}} />)
    const input = screen.getByLabelText('E-Mail')
    expect(input).toHaveAccessibleDescription('Wie name@beispiel.de Fehlt')
    expect(input).toBeInvalid()
  })

  it('asks a date as day, month and year and keeps digits only', async () => {
    let last: DateParts = EMPTY_DATE
    function Field() {
      const [value, setValue] = useState(EMPTY_DATE)
      return <DateField id="start" label="Beginn" value={value} onChange={(next) => { last = next; setValue(next) }} />
    }
    renderPage(<Field />)
    expect(screen.getByRole('group', { name: 'Beginn' })).toBeInTheDocument()
    await userEvent.type(screen.getByLabelText('Tag'), '1.')
    await userEvent.type(screen.getByLabelText('Monat'), '8')
    await userEvent.type(screen.getByLabelText('Jahr'), '2027')
    expect(toIso(last)).toBe('2027-08-01')
  })

  it('reports the chosen answer', async () => {
    const chosen = vi.fn()
    renderPage(<RadioGroup label="Art" value={null} onChange={chosen} options={[{ value: 'a', label: 'Krippe' }, { value: 'b', label: 'Hort' }]} />)
    await userEvent.click(screen.getByLabelText('Hort'))
    expect(chosen).toHaveBeenCalledWith('b')
  })

  it('reports a tick', async () => {
    const ticked = vi.fn()
    renderPage(<Checkbox label="Ja" checked={false} onChange={ticked} />)
    await userEvent.click(screen.getByRole('checkbox', { name: 'Ja' }))
    expect(ticked).toHaveBeenCalledWith(true)
  })
})

describe('messages', () => {
  // What one test typed is no typing of the next one.
  beforeEach(() => { document.dispatchEvent(new Event('submit')) })

  it('moves the focus to the summary and from there to the field', async () => {
    renderPage(
      <>
        <ErrorSummary errors={[{ id: 'mail', message: 'Die E-Mail-Adresse fehlt' }]} />
        <TextField id="mail" label="E-Mail" value="" onChange={() => {}} />
      </>,
    )
    expect(screen.getByRole('alert')).toHaveFocus()
    await userEvent.click(screen.getByRole('link', { name: 'Die E-Mail-Adresse fehlt' }))
    expect(screen.getByLabelText('E-Mail')).toHaveFocus()
  })

  it('keeps the room of a message that goes away, until the next press is over', async () => {
    const tall = vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function (this: HTMLElement) { return this.childElementCount * 40 })
    const pressed = vi.fn()
    function Form() {
      const [name, setName] = useState('')
      return <><ErrorSummary errors={name ? [] : [{ id: 'name', message: 'Der Name fehlt oben' }]} /><TextField id="name" label="Name" value={name} onChange={setName} error={name ? null : 'Fehlt'} /><Button onClick={pressed}>Speichern</Button></>
    }
    renderPage(<Form />)
    const rooms = [screen.getByRole('alert').parentElement!, screen.getByText('Fehlt').closest('p')!.parentElement!]
    await userEvent.type(screen.getByLabelText('Name'), 'Mia')
    expect(screen.queryByRole('alert')).not.toBeInTheDocument()
    expect(rooms.map((room) => [room.hidden, room.style.minBlockSize])).toEqual([[false, '40px'], [false, '40px']])
    await userEvent.click(screen.getByRole('button', { name: 'Speichern' }))
    expect(pressed).toHaveBeenCalledOnce()
    await vi.waitFor(() => expect(rooms.map((room) => room.hidden)).toEqual([true, true]))
    tall.mockRestore()
  })

  it('leaves the focus where somebody is typing', async () => {
    function Form() {
      const [values, setValues] = useState({ first: '', last: '' })
      const [tried, setTried] = useState(false)
      const names = ['first', 'last'] as const
      const [kind, setKind] = useState<string | null>(null)
      const missing = tried ? [...names.filter((name) => !values[name]), ...(kind ? [] : ['kind'])].map((id) => ({ id, message: `${id} fehlt` })) : []
      return <><ErrorSummary errors={missing} /><RadioGroup id="kind" label="Art" value={kind} onChange={setKind} options={[{ value: 'a', label: 'Krippe' }, { value: 'b', label: 'Hort' }]} />{names.map((name) => <TextField key={name} id={name} label={name} value={values[name]} onChange={(text) => setValues({ ...values, [name]: text })} />)}<Button onClick={() => setTried(true)}>Speichern</Button></>
    }
    renderPage(<Form />)
    await userEvent.click(screen.getByRole('button', { name: 'Speichern' }))
    expect(screen.getByRole('alert')).toHaveFocus()
    await userEvent.type(screen.getByLabelText('first'), 'Mia')
    expect(screen.getByLabelText('first')).toHaveFocus()
    expect(screen.getByLabelText('first')).toHaveValue('Mia')
    await userEvent.clear(screen.getByLabelText('first'))
    expect(screen.getByLabelText('first')).toHaveFocus()
    await userEvent.click(screen.getByLabelText('Hort'))
    expect(screen.getByLabelText('Hort')).toHaveFocus()
  })

  it('says a refusal in our own words and names the request id', () => {
    const problem = new ApiError(409, { code: 'offer.not_open', detail: 'offer is closed', request_id: 'abc-1' }, null)
    renderPage(<ProblemView problem={problem} />)
    expect(screen.getByText('Dieses Angebot ist nicht mehr offen.')).toBeInTheDocument()
    expect(screen.getByText(/abc-1/)).toBeInTheDocument()
  })

  it('never shows the words of the server, which are for programmers', () => {
    renderPage(<ProblemView problem={new ApiError(409, { code: 'made.up', detail: 'a cursor is wanted' }, null)} />)
    expect(screen.getByText('Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.')).toBeInTheDocument()
    expect(screen.queryByText(/cursor/)).not.toBeInTheDocument()
  })

  it('says what is wrong with fields that the page does not show', () => {
    const errors = [{ pointer: '/items/3/birth_date', code: 'in_future', detail: 'in the future' }]
    renderPage(<ProblemView problem={new ApiError(422, { code: 'fields.invalid', errors }, null)} />)
    expect(screen.getByText('Dieses Datum liegt in der Zukunft.')).toBeInTheDocument()
  })

  it('tells the time of the last save politely', () => {
    renderPage(<SaveState saving={{ state: 'saved', at: new Date('2027-01-10T13:03:00Z') }} />)
    expect(screen.getByRole('status')).toHaveTextContent('gespeichert 14:03')
  })

  it('gives a state a picture and a word', () => {
    const { container } = renderPage(<Badge tone="success" icon="check-circle">frei</Badge>)
    expect(container.querySelector('svg')).toBeInTheDocument()
    expect(screen.getByText('frei')).toBeInTheDocument()
  })
})

describe('button', () => {
  it('ignores clicks while it is busy but keeps its focus', async () => {
    const clicked = vi.fn()
    renderPage(<Button busy onClick={clicked}>Platz annehmen</Button>)
    const button = screen.getByRole('button', { name: 'Platz annehmen' })
    await userEvent.click(button)
    expect(clicked).not.toHaveBeenCalled()
    expect(button).toHaveFocus()
  })
})

describe('table', () => {
  it('names its rows and says how it is sorted', () => {
    renderPage(
      <Table
        caption="Plätze"
        rows={[{ id: '1', name: 'Kita Sonnenblume', free: 3 }]}
        rowKey={(row) => row.id}
        columns={[
          { id: 'name', header: 'Kita', cell: (row) => row.name, rowHeader: true, sort: { direction: 'asc', onSort: () => {} } },
          { id: 'free', header: 'frei', cell: (row) => row.free, numeric: true },
        ]}
      />,
    )
    expect(screen.getByRole('table', { name: 'Plätze' })).toBeInTheDocument()
    expect(screen.getByRole('rowheader', { name: 'Kita Sonnenblume' })).toBeInTheDocument()
    expect(screen.getByRole('columnheader', { name: /Kita/ })).toHaveAttribute('aria-sort', 'ascending')
  })
})

describe('a dialog', () => {
  it('gives the focus back to the row that it came from, also where its button is gone', async () => {
    function List() {
      const [open, setOpen] = useState(false)
      const [done, setDone] = useState(false)
      return (
        <main>
          <h1 tabIndex={-1}>Liste</h1>
          <a href="#other">Andere</a>
          <div><a href="#mia">Mia</a>{!done && <button onClick={() => setOpen(true)}>Fragen</button>}</div>
          {open && <Dialog open title="Frage" onClose={() => setOpen(false)} footer={<button onClick={() => { setDone(true); setOpen(false) }}>Speichern</button>}>Text</Dialog>}
        </main>
      )
    }
    renderPage(<List />)
    await userEvent.click(screen.getByText('Fragen'))
    await userEvent.click(screen.getByText('Speichern'))
    await vi.waitFor(() => expect(screen.getByText('Mia')).toHaveFocus())
  })
})
