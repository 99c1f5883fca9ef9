import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate, formatDateTime } from '../../lib/dates'
import { daysOf, weekText } from '../../lib/week'
import { useCriterionTitle } from '../criteria/words'
import { Actions, Button, Facts, Section } from '../../ui'

export type PersonalCopy = { format: string; made_at: string; municipality: string; data: Record<string, Record<string, unknown>[]> }

// What people look for stands first; the rest follows in the order of the copy.
const FIRST = ['guardian', 'household', 'child', 'custody', 'care_demand', 'facility_preference', 'demand_fact', 'place_offer', 'care_contract', 'fee_assessment', 'notice', 'facility_visit', 'mandate', 'account', 'membership', 'facility']
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
const CLOCK = /^\d{2}:\d{2}:\d{2}$/
/** Numbers and notes of the program itself; they stand in the file for machines. */
const LEFT_OUT = ['version', 'tie_key', 'ties', 'weight', 'sha256', 'attempts', 'last_error', 'context']
/** Years are not amounts: no point after the thousands. */
const YEARS = ['file_year', 'birth_year']
/** Where else the words of stored values stand. */
const WORDS = ['office:kind', 'common:role', 'common:preferenceState', 'common:demandState', 'common:offerState', 'common:contractState', 'common:careType', 'common:ageBand', 'common:refuseReason', 'common:declineReason', 'history:kind', 'places:absence.reasons', 'common:facilityKind', 'statistics:qualification', 'statistics:schoolDegree', 'statistics:course']

type Block = { text?: string; items?: string[] }
/** The words of a contract, without what the program remembers of its form. */
const contractText = (value: unknown): string => ((value as { text?: Block[] } | null)?.text ?? []).map((block) => block.text ?? block.items?.join(', ') ?? '').filter(Boolean).join('\n')

/** How a column is called and a value is said. */
function useShown() {
  const { t, i18n } = useTranslation(['copy', 'office', 'privacy', 'history', 'actions', 'places', 'statistics'])
  const criterion = useCriterionTitle()
  const word = (value: string): string => {
    if (i18n.exists(`copy:word.${value}`)) return t(`word.${value as 'active'}`)
    const group = WORDS.find((one) => i18n.exists(`${one}.${value}`))
    return group ? String(t(`${group}.${value}` as never)) : criterion(value)
  }
  const label = (key: string): string => (i18n.exists(`copy:column.${key}`) ? t(`column.${key as 'name'}`) : key.replaceAll('_', ' '))
  const shown = (value: unknown): string | null => {
    if (value === null || value === undefined || value === '') return null
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
    if (typeof value === 'number') return new Intl.NumberFormat(i18n.language).format(value)
    if (typeof value === 'string') {
      if (UUID.test(value)) return null
      if (DAY.test(value)) return formatDate(value, i18n.language)
      if (INSTANT.test(value)) return formatDateTime(value, i18n.language)
      return CLOCK.test(value) ? value.slice(0, 5) : word(value)
    }
    if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(value.some((one) => typeof one === 'object') ? '\n' : ', ') || null
    const parts = Object.entries(value as Record<string, unknown>).map(([key, inner]) => [label(key), shown(inner)] as const).filter(([, text]) => text)
    return parts.map(([key, text]) => `${key}: ${text ?? ''}`).join('; ') || null
  }
  const cell = (key: string, value: unknown, row: Record<string, unknown>): string | null => {
    if (LEFT_OUT.includes(key)) return null
    // The words of the page that tells who looked at a child; of the rest a family learns that something was done, and who did it what.
    if (key === 'action') {
      const said = ['privacy:access.action', ...('changed' in row ? [] : ['actions:op'])].find((one) => i18n.exists(`${one}.${String(value)}`))
      return String(said ? t(`${said}.${String(value)}` as never) : t(row['changed'] ? 'privacy:access.someChanged' : 'privacy:access.someRead'))
    }
    if (key === 'week' && Array.isArray(value)) return weekText(daysOf(value as (string | null)[]), i18n.language)
    if (key === 'document') return contractText(value) || null
    return YEARS.includes(key) && typeof value === 'number' ? String(value) : shown(value)
  }
  // What names a thing stands first: in the order in which the columns have their words.
  const order = Object.keys((i18n.getResource('de', 'copy', 'column') as Record<string, string> | undefined) ?? {})
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length)
  return (row: Record<string, unknown>) => Object.entries(row)
    .sort(([a], [b]) => rank(a) - rank(b))
    .flatMap(([key, value]) => {
      const text = cell(key, value, row)
      return text ? [{ id: key, term: label(key), value: text }] : []
    })
}

/** What is many and short, such as who looked at something: a line each. */
const LINES: Record<string, readonly string[]> = { audit_event: ['at', 'action', 'role', 'actor_kind', 'outcome', 'reason', 'code'], demand_event: ['at', 'kind', 'to_state', 'actor_kind', 'reason'] }

const keyOf = (row: Record<string, unknown>, at: number): string | number => (typeof row['id'] === 'string' ? row['id'] : at)

/** Of what staff did in years so many lines are shown; the file has them all. */
const LATEST = 200

/** Everything that is stored about a family, or about who has the account, in words: section by section, to read and to print. */
export function ReadableCopy({ copy, own = false }: { copy: PersonalCopy; own?: boolean }): JSX.Element {
  const { t, i18n } = useTranslation('copy')
  const factsOf = useShown()
  const title = (table: string): string => own && table === 'audit_event' ? t('own.events') : (i18n.exists(`copy:table.${table}`) ? t(`table.${table as 'child'}`) : table.replaceAll('_', ' '))
  const tables = Object.keys(copy.data).filter((table) => (copy.data[table] ?? []).length > 0)
  const rank = (table: string): number => (FIRST.includes(table) ? FIRST.indexOf(table) : FIRST.length)
  tables.sort((a, b) => rank(a) - rank(b))
  const line = (row: Record<string, unknown>, keys: readonly string[]): string => {
    const facts = factsOf(row)
    return keys.flatMap((key) => facts.find((fact) => fact.id === key)?.value ?? []).filter((text, at, all) => all.indexOf(text) === at).join(' · ')
  }
  const lines = (table: string) => {
    const rows = copy.data[table] ?? []
    const shown = own ? rows.slice(-LATEST) : rows
    return (
      <>
        {shown.length < rows.length && <p className="kern-body">{t('own.latest', { shown: shown.length, count: rows.length })}</p>}
        <ul className="kp-events">{shown.map((row, at) => <li key={keyOf(row, at)}>{line(row, LINES[table] ?? [])}</li>)}</ul>
      </>
    )
  }
  return (
    <>
      <p className="kern-body">{t('made', { at: formatDateTime(copy.made_at, i18n.language), town: copy.municipality })}</p>
      <div className="kp-no-print"><Actions><Button icon="document" onClick={() => window.print()}>{t('print')}</Button></Actions></div>
      {tables.map((table) => (
        <Section key={table} title={title(table)}>
          {LINES[table]
            ? lines(table)
            : (copy.data[table] ?? []).map((row, at) => <Facts key={keyOf(row, at)} items={factsOf(row)} />)}
        </Section>
      ))}
    </>
  )
}
