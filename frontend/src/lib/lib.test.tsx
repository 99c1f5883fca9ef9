import { screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { renderPage } from '../test/render'
import { contrast, readableOn, textOn } from './color'
import { addDays, addMonths, formatDateTime, formatShortDate, formatWeekday, monthsBetween, toIso, toParts, today } from './dates'
import { clearDrafts, draftsBelongTo, readDraft, writeDraft } from './drafts'
import { useHistoryWords } from './history'
import { HoursHint } from './hours-hint'
import { Markdown } from './markdown'

describe('dates', () => {
  it('refuses days that are in no calendar', () => {
    expect(toIso({ day: '31', month: '2', year: '2027' })).toBeNull()
    expect(toIso({ day: '29', month: '2', year: '2028' })).toBe('2028-02-29')
    expect(toIso({ day: '1', month: '8', year: '27' })).toBeNull()
    expect(toIso({ day: '', month: '8', year: '2027' })).toBeNull()
  })
  it('takes a date apart and puts it together again', () => {
    expect(toIso(toParts('2027-08-01'))).toBe('2027-08-01')
    expect(toParts(null)).toEqual({ day: '', month: '', year: '' })
  })
  it('counts months as birthdays do', () => {
    expect(monthsBetween('2026-03-14', '2027-03-13')).toBe(11)
    expect(monthsBetween('2026-03-14', '2027-03-14')).toBe(12)
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28')
    expect(addDays('2027-02-28', 1)).toBe('2027-03-01')
  })
  it('shows instants in the time of Berlin and names the weekday', () => {
    expect(formatDateTime('2026-11-24T23:30:00Z', 'de')).toBe('25.\u00a0November 2026, 00:30')
    expect(formatWeekday('2026-12-04', 'de')).toBe('Freitag, 4.\u00a0Dezember 2026')
    expect(today(new Date('2026-06-30T22:30:00Z'))).toBe('2026-07-01')
  })
  it('writes English dates day first and times with 24 hours, as all of Europe does', () => {
    expect(formatShortDate('2027-02-01', 'en')).toBe('01/02/2027')
    expect(formatDateTime('2026-11-24T13:30:00Z', 'en')).toBe('24 November 2026, 14:30')
  })
})

describe('grounds in a history', () => {
  it('are read in words where they are of a list, and as they were written where they are not', async () => {
    function Grounds() {
      const history = useHistoryWords()
      return <p>{[['refuse', 'no_place'], ['declined', 'too_far'], ['told', 'still_needed'], ['evidence_seen', 'Bescheinigung'], ['refuse', 'toString']].map(([kind, ground]) => history.ground(kind!, ground!)).join('; ')}</p>
    }
    renderPage(<Grounds />)
    expect(await screen.findByText('Kein Platz frei; Der Weg ist zu weit; Sie braucht den Platz noch.; Bescheinigung; toString')).toBeInTheDocument()
  })
})

describe('hours of a week and times of a day', () => {
  it('are said not to fit where five such days hold fewer', async () => {
    renderPage(<><HoursHint hours={35} from="08:00" to="12:30" /><HoursHint hours={40} from="07:30" to="15:30" /><HoursHint hours={35} from="" to="12:00" /><HoursHint hours={NaN} from="08:00" to="12:00" /></>)
    expect(await screen.findByRole('status')).toHaveTextContent('35 Stunden passen nicht in diese Zeiten')
    expect(screen.getByRole('status')).toHaveTextContent('höchstens 22:30 Stunden')
  })
})

describe('colours of a tenant', () => {
  it.each(['#ffd700', '#0b5d8a', '#ff0000', '#777777', '#ffffff', '#000000'])('%s can be read on light and dark ground', (color) => {
    expect(contrast(readableOn(color, '#ffffff'), '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(readableOn(color, '#1c1f33'), '#1c1f33')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(textOn(color), color)).toBeGreaterThanOrEqual(4.5)
  })
})

describe('drafts', () => {
  afterEach(() => { sessionStorage.clear(); draftsBelongTo(null) })
  it('are not shown to the next person whose session begins in the same tab', () => {
    draftsBelongTo('anna')
    writeDraft('family', { city: 'Leipzig' })
    draftsBelongTo(null)
    writeDraft('claim-code', 'ABCD')
    expect(draftsBelongTo('anna')).toBe(false)
    expect(readDraft('family')).toEqual({ city: 'Leipzig' })
    draftsBelongTo(null)
    writeDraft('guardian-token', 'xyz')
    expect(draftsBelongTo('bert')).toBe(true)
    expect(readDraft('family')).toBeNull()
    expect(readDraft('claim-code')).toBeNull()
    expect(readDraft('guardian-token')).toBe('xyz')
  })
  it('are gone after signing out, and nothing else is', () => {
    sessionStorage.setItem('other', '1')
    writeDraft('family', { city: 'Leipzig' })
    expect(readDraft('family')).toEqual({ city: 'Leipzig' })
    clearDrafts()
    expect(readDraft('family')).toBeNull()
    expect(sessionStorage.getItem('other')).toBe('1')
  })
})

describe('Markdown', () => {
  it('makes headings, lists and links', () => {
    renderPage(<Markdown text={'# Anbieter\nStadt **Leipzig**\n\n- [Post](mailto:a@b.de)\n- zwei'} />)
    expect(screen.getByRole('heading', { level: 2, name: 'Anbieter' })).toBeInTheDocument()
    expect(screen.getByText('Leipzig').tagName).toBe('STRONG')
    expect(screen.getByRole('link', { name: 'Post' })).toHaveAttribute('href', 'mailto:a@b.de')
    expect(screen.getAllByRole('listitem')).toHaveLength(2)
  })
  it('takes over neither HTML nor addresses that run something', () => {
    const { container } = renderPage(<Markdown text={'<img src=x onerror=alert(1)>\n\n[weg](javascript:alert(1)) [fremd](//evil.example)'} />)
    expect(container.querySelector('img')).toBeNull()
    expect(container.querySelector('a')).toBeNull()
    expect(container).toHaveTextContent('<img src=x onerror=alert(1)>')
  })
})
