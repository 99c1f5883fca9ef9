import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type JSX } from 'react'
import { BrowserRouter, Link, Route, Routes } from 'react-router'
import { describe, expect, it } from 'vitest'
import { LeaveGuard } from '../app/leaving'
import { renderPage, renderTexts } from '../test/render'
import { useUnsaved } from './unsaved'

function Form(): JSX.Element {
  const [text, setText] = useState('')
  useUnsaved(text !== '')
  return (
    <>
      <label>Notiz<input value={text} onChange={(event) => setText(event.target.value)} /></label>
      <Link to="/liste">Zur Liste</Link>
      <LeaveGuard />
    </>
  )
}
const page = () => renderPage(<Routes><Route path="/" element={<Form />} /><Route path="/liste" element={<p>Die Liste</p>} /></Routes>)

describe('leaving a page', () => {
  it('asks nothing where nothing was typed', async () => {
    page()
    await userEvent.click(screen.getByRole('link', { name: 'Zur Liste' }))
    expect(screen.getByText('Die Liste')).toBeInTheDocument()
  })

  it('asks before typed text is lost, and stays on wish', async () => {
    page()
    await userEvent.type(screen.getByLabelText('Notiz'), 'Ruft morgen an')
    await userEvent.click(screen.getByRole('link', { name: 'Zur Liste' }))
    expect(screen.getByText('Eingaben verwerfen?')).toBeInTheDocument()
    await userEvent.click(screen.getByText('Auf der Seite bleiben'))
    expect(screen.getByLabelText('Notiz')).toHaveValue('Ruft morgen an')
    await userEvent.click(screen.getByRole('link', { name: 'Zur Liste' }))
    await userEvent.click(screen.getByText('Verlassen und verwerfen'))
    expect(screen.getByText('Die Liste')).toBeInTheDocument()
  })

  it('asks no more once it is saved', async () => {
    page()
    await userEvent.type(screen.getByLabelText('Notiz'), 'x')
    await userEvent.clear(screen.getByLabelText('Notiz'))
    const closing = new Event('beforeunload', { cancelable: true })
    window.dispatchEvent(closing)
    expect(closing.defaultPrevented).toBe(false)
  })

  it('asks before the browser goes back, and stays or goes on wish', async () => {
    window.history.replaceState(null, '', '/liste')
    renderTexts(<BrowserRouter><Routes><Route path="/" element={<Form />} /><Route path="/liste" element={<Link to="/">Zum Formular</Link>} /></Routes></BrowserRouter>)
    await userEvent.click(screen.getByRole('link', { name: 'Zum Formular' }))
    await userEvent.type(screen.getByLabelText('Notiz'), 'Ruft morgen an')
    window.history.back()
    await screen.findByText('Eingaben verwerfen?')
    await waitFor(() => expect(window.location.pathname).toBe('/'))
    await userEvent.click(screen.getByText('Auf der Seite bleiben'))
    expect(screen.getByLabelText('Notiz')).toHaveValue('Ruft morgen an')
    window.history.back()
    await screen.findByText('Eingaben verwerfen?')
    await waitFor(() => expect(window.location.pathname).toBe('/'))
    await userEvent.click(screen.getByText('Verlassen und verwerfen'))
    await screen.findByRole('link', { name: 'Zum Formular' })
    expect(window.location.pathname).toBe('/liste')
  })
})
