import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate, formatDateTime } from '../../lib/dates'
import { daysOf, weekText } from '../../lib/week'
import { Actions, Button, Facts, Section } from '../../ui'

export type FamilyCopy = { format: string; made_at: string; municipality: string; data: Record<string, Record<string, unknown>[]> }

// What people look for stands first; the rest follows in the order of the copy.
const FIRST = ['guardian', 'household', 'child', 'custody', 'care_demand', 'facility_preference', 'demand_fact', 'place_offer', 'care_contract', 'fee_assessment', 'notice', 'facility_visit', 'mandate', 'account']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
/** Numbers of the program itself; they stand in the file for machines. */
const LEFT_OUT = ['version']

function useShown(): (value: unknown) => string | null {
  const { t, i18n } = useTranslation('copy')
  const shown = (value: unknown): string | null => {
    if (value === null || value === undefined || value === '') return null
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
    if (typeof value === 'number') return new Intl.NumberFormat(i18n.language).format(value)
    if (typeof value === 'string') {
      if (UUID.test(value)) return null
      if (DAY.test(value)) return formatDate(value, i18n.language)
      if (INSTANT.test(value)) return formatDateTime(value, i18n.language)
      return i18n.exists(`copy:word.${value}`) ? t(`word.${value as 'active'}`) : value
    }
    if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(', ') || null
    const parts = Object.entries(value as Record<string, unknown>).map(([key, inner]) => [label(key), shown(inner)] as const).filter(([, text]) => text)
    return parts.map(([key, text]) => `${key}: ${text ?? ''}`).join('; ') || null
  }
  const label = (key: string): string => (i18n.exists(`copy:column.${key}`) ? t(`column.${key as 'name'}`) : key.replaceAll('_', ' '))
  return shown
}

/** Everything that is stored about a family, in words: section by section, to read and to print. */
export function ReadableCopy({ copy }: { copy: FamilyCopy }): JSX.Element {
  const { t, i18n } = useTranslation('copy')
  const shown = useShown()
  const label = (key: string): string => (i18n.exists(`copy:column.${key}`) ? t(`column.${key as 'name'}`) : key.replaceAll('_', ' '))
  const title = (table: string): string => (i18n.exists(`copy:table.${table}`) ? t(`table.${table as 'child'}`) : table.replaceAll('_', ' '))
  const tables = Object.keys(copy.data).filter((table) => (copy.data[table] ?? []).length > 0)
  const rank = (table: string): number => (FIRST.includes(table) ? FIRST.indexOf(table) : FIRST.length)
  tables.sort((a, b) => rank(a) - rank(b))
  const facts = (row: Record<string, unknown>) => Object.entries(row).flatMap(([key, value]) => {
    const text = LEFT_OUT.includes(key) ? null : key === 'week' && Array.isArray(value) ? weekText(daysOf(value as (string | null)[]), i18n.language) : shown(value)
    return text ? [{ id: key, term: label(key), value: text }] : []
  })
  return (
    <>
      <p className="kern-body">{t('made', { at: formatDateTime(copy.made_at, i18n.language), town: copy.municipality })}</p>
      <div className="kp-no-print"><Actions><Button icon="document" onClick={() => window.print()}>{t('print')}</Button></Actions></div>
      {tables.map((table) => (
        <Section key={table} title={title(table)}>
          {(copy.data[table] ?? []).map((row, at) => <Facts key={typeof row['id'] === 'string' ? row['id'] : at} items={facts(row)} />)}
        </Section>
      ))}
    </>
  )
}
