import { renderHook } from '@testing-library/react'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import admin from '../locales/de/admin.json'
import aftercare from '../locales/de/aftercare.json'
import privacy from '../locales/de/privacy.json'
import versions from '../locales/de/versions.json'
import { renderPage } from '../test/render'
import { useVersionWords } from './version-words'

describe('what differs between two versions', () => {
  renderPage(<p />)
  for (const [name, texts] of Object.entries({ admin, aftercare, privacy, versions })) i18next.addResourceBundle('de', name, texts)
  const { result: { current: words } } = renderHook(() => useVersionWords())
  const said = (path: string[], before: unknown, after: unknown) => words({ path, before, after })

  it('is told in the words of the pages, and names that people gave stay as they are', () => {
    expect(said(['retention', 'audit_months'], 24, 36)).toMatchObject({ field: 'Löschfristen › Protokoll, Versandnachweise und beendete Mandate, in Monaten', before: '24', after: '36' })
    expect(said(['allocation_mode'], 'decentral', 'central')).toMatchObject({ field: 'Wer die Plätze vergibt', before: 'Die Einrichtungen entscheiden', after: 'Das Amt vergibt' })
    expect(said(['after', 'contract_notice_to'], 'month', 'quarter').after).toBe('eines Quartals')
    expect(said(['groups', 'Igelgruppe', 'over3'], 18, 20).field).toBe('Gruppen › Igelgruppe › 3 Jahre bis zur Schule')
    expect(said(['facility_manager'], null, ['Kita am Park'])).toMatchObject({ field: 'Kita-Leitung', before: null, after: 'Kita am Park' })
    expect(said(['official_header'], false, true)).toMatchObject({ before: 'Nein', after: 'Ja' })
  })

  it('names days as days, hours as hours, and what is new with all that it says', () => {
    expect(said(['2027-12-24'], null, 'Heiligabend')).toMatchObject({ field: '24.12.2027', before: null, after: 'Heiligabend' })
    expect(said(['staff', '2027-01-01', 'weekly_minutes'], 2400, 1800).after).toBe('30 Stunden pro Woche')
    const group = { id: '1c2d4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d', name: 'Fuchs', over3: 10, opens_at: '07:30:00', staff: [] }
    expect(said(['groups', 'Fuchs'], null, group).after).toBe('Name: Fuchs; 3 Jahre bis zur Schule: 10; Öffnet um: 07:30')
  })

  it('gives each of several groups a line of its own', () => {
    const groups = [{ name: 'Fuchs', over3: 10 }, { name: 'Igel', under3: 5 }]
    expect(said(['groups'], [], groups)).toMatchObject({ before: null, after: 'Name: Fuchs; 3 Jahre bis zur Schule: 10\nName: Igel; unter 3 Jahre: 5', long: true })
    expect(said(['facility_manager'], null, ['Kita am Park', 'Kita am See']).after).toBe('Kita am Park, Kita am See')
  })

  it('puts long texts below each other', () => {
    expect(said(['body'], 'Markt 1', 'Markt 2\nZimmer 3').long).toBe(true)
    expect(said(['title'], 'Impressum', 'Angaben').long).toBe(false)
  })
})
