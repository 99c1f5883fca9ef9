import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { NextStep, RoundState, RoundSummary } from '../../../api/round-types'
import { useList } from '../../../api/hooks'
import { useTo } from '../../../app/tenant'
import { ButtonLink, Page } from '../../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, type Col, type Filter } from '../../../staff'
import { useMayWrite } from '../rights'
import type { Next } from './steps'
import { RoundBadge } from './words'

const STATES: RoundState[] = ['planned', 'frozen', 'proposed', 'in_review', 'released', 'closed', 'paused', 'cancelled']

/** The words of a step stand under the name that the guide has for it. */
const named = (step: NextStep): Next => step.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) as Next

/** All rounds of the municipality, the newest first, each with what moves it on. */
export function RoundsPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: common } = useTranslation()
  const to = useTo()
  const navigate = useNavigate()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const { values } = useAddress()
  const sorting = useSorting({ by: 'created', direction: 'desc' })
  const filters: Filter[] = [{ name: 'state', label: t('col.state'), kind: 'one', options: STATES.map((value) => ({ value, label: common(`roundState.${value}`) })) }]
  const list = useList<RoundSummary>('/rounds', { q: values['q'], state: values['state'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const figure = (count: number | null) => (count === null ? '–' : format.number(count))
  const columns: Col<RoundSummary>[] = [
    { id: 'name', sort: 'name', header: t('col.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'state', sort: 'state', header: t('col.state'), text: (row) => common(`roundState.${row.state}`), cell: (row) => <RoundBadge state={row.state} /> },
    { id: 'next', header: t('col.next'), text: (row) => t(`next.${named(row.next)}.short`), cell: (row) => t(`next.${named(row.next)}.short`) },
    { id: 'key', sort: 'key_date', header: t('col.keyDate'), text: (row) => row.key_date, cell: (row) => <span className="kp-num">{format.date(row.key_date)}</span> },
    { id: 'start', sort: 'start', header: t('col.startOn'), text: (row) => row.start_on, cell: (row) => <span className="kp-num">{format.date(row.start_on)}</span> },
    { id: 'children', sort: 'children', header: t('col.children'), numeric: true, text: (row) => row.children, cell: (row) => figure(row.children) },
    { id: 'placed', sort: 'placed', header: t('col.placed'), numeric: true, text: (row) => row.placed, cell: (row) => figure(row.placed) },
    { id: 'released', sort: 'released', header: t('col.released'), text: (row) => row.released_at?.slice(0, 10) ?? null, cell: (row) => <span className="kp-num">{format.date(row.released_at) || '–'}</span> },
  ]
  const add = mayWrite && <ButtonLink small icon="add" to={to('/amt/vergabe/neu')}>{t('list.add')}</ButtonLink>
  return (
    <Page title={t('title')} lead={t('list.lead')} width="full">
      {list.items.length > 0 && add && <div>{add}</div>}
      <FilterBar name="vergaberunden" filters={filters} search={t('col.name')} />
      <DataTable
        name="vergaberunden"
        caption={t('title')}
        columns={columns}
        list={list}
        sorting={sorting}
        filteredBy={namesOf(filters)}
        rowKey={(row) => row.id}
        rowTitle={(row) => row.name}
        onOpen={(row) => void navigate(to(`/amt/vergabe/${row.id}`))}
        empty={{ title: t('list.empty'), text: t('list.emptyText'), action: add }}
      />
    </Page>
  )
}
