import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useList } from '../../api/hooks'
import type { AgeBand, CareType, OfficeDemand, OfficeDemandView } from '../../api/types'
import { useTo } from '../../app/tenant'
import { DEMAND_LOOK, useWords } from '../../lib/words'
import { Badge, Icon, Page } from '../../ui'
import { DataTable, Due, FilterBar, namesOf, useAddress, useFormat, useSorting, type Col, type Filter } from '../../staff'
import { STATES } from './states'

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']
const CARE: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']
const VIEWS: OfficeDemandView[] = ['all', 'to_confirm', 'without_place', 'legal_claim', 'transfer', 'unanswered']

function useColumns(): Col<OfficeDemand>[] {
  const { t } = useTranslation('office')
  const { t: transfer } = useTranslation('transfer')
  const words = useWords()
  const format = useFormat()
  const born = (row: OfficeDemand) => row.child.birth_date ?? row.child.expected_birth_date
  return [
    { id: 'child', header: t('col.child'), fixed: true, cell: (row) => <span className="kp-nowrap">{words.childLabel(row.child.label)}</span>, text: (row) => words.childLabel(row.child.label) },
    { id: 'reference', header: t('col.reference'), cell: (row) => <span className="kp-nowrap">{row.reference_code ?? '–'}</span>, text: (row) => row.reference_code },
    { id: 'state', header: t('col.state'), cell: (row) => <span className="kp-row"><Badge {...DEMAND_LOOK[row.state]}>{words.demandState(row.state)}</Badge>{row.transfer && <Badge tone="info" icon="info">{transfer('badge')}</Badge>}</span>, text: (row) => [words.demandState(row.state), ...(row.transfer ? [transfer('badge')] : [])].join(', ') },
    { id: 'born', header: t('col.born'), sort: 'age', text: born, cell: (row) => <span className="kp-nowrap">{!row.child.birth_date && `${t('expectedShort')} `}{format.date(born(row))}</span> },
    { id: 'start', header: t('col.start'), sort: 'start', text: (row) => row.desired_start, cell: (row) => <span className="kp-num">{format.date(row.desired_start)}</span> },
    { id: 'claim', header: t('col.claimDue'), sort: 'legal_due', text: (row) => row.legal_due_on ?? (row.legal_claim ? t('yes') : ''), cell: (row) => (row.legal_due_on ? <Due on={row.legal_due_on} /> : row.legal_claim ? t('yes') : '–') },
    { id: 'register', header: t('col.register'), hidden: true, text: (row) => (row.register_mismatch ? t('mismatch') : ''), cell: (row) => row.register_mismatch && <span className="kp-sign"><span className="kp-tone-warning"><Icon name="warning" size={16} /></span>{t('mismatchShort')}</span> },
    { id: 'wishes', header: t('col.wishes'), numeric: true, text: (row) => row.preferences_open, cell: (row) => t('wishes', { open: row.preferences_open, total: row.preferences_total }) },
    { id: 'points', header: t('col.points'), numeric: true, hidden: true, text: (row) => row.first_wish_points, cell: (row) => format.number(row.first_wish_points) },
    { id: 'submitted', header: t('col.submitted'), sort: 'submitted', text: (row) => row.submitted_at?.slice(0, 10) ?? null, cell: (row) => <span className="kp-num">{format.date(row.submitted_at)}</span> },
  ]
}

/** All demands of the municipality, in the views the office works through. */
export function DemandsPage(): JSX.Element {
  const { t } = useTranslation('office')
  const { values, set } = useAddress()
  const to = useTo()
  const navigate = useNavigate()
  const words = useWords()
  const view = VIEWS.find((name) => name === values['view']) ?? 'all'
  // Of all, the newest come first: the oldest are done.
  const sorting = useSorting({ by: view === 'legal_claim' ? 'legal_due' : 'submitted', direction: view === 'all' ? 'desc' : 'asc' })
  const filters: Filter[] = [
    { name: 'start_from', label: t('filter.startFrom'), kind: 'date' },
    { name: 'start_to', label: t('filter.startTo'), kind: 'date' },
    { name: 'due_from', label: t('filter.dueFrom'), kind: 'date' },
    { name: 'due_to', label: t('filter.dueTo'), kind: 'date' },
    { name: 'age_band', label: t('filter.age'), kind: 'one', options: BANDS.map((value) => ({ value, label: words.ageBand(value) })) },
    { name: 'district', label: t('filter.district'), kind: 'text' },
    { name: 'care_type', label: t('filter.care'), kind: 'one', options: CARE.map((value) => ({ value, label: words.careType(value) })) },
    { name: 'submitted_from', label: t('filter.submittedFrom'), kind: 'date' },
    { name: 'submitted_to', label: t('filter.submittedTo'), kind: 'date' },
    { name: 'accepted_from', label: t('filter.acceptedFrom'), kind: 'date' },
    { name: 'accepted_to', label: t('filter.acceptedTo'), kind: 'date' },
    { name: 'entry_year', label: t('filter.entryYear'), kind: 'number' },
    { name: 'school_place', label: t('filter.schoolPlace'), kind: 'flag' },
    { name: 'mismatch', label: t('mismatch'), kind: 'flag' },
    { name: 'state', label: t('col.state'), kind: 'many', options: STATES.map((value) => ({ value, label: words.demandState(value) })) },
  ]
  const list = useList<OfficeDemand>('/office/demands', {
    view, ...Object.fromEntries(namesOf(filters).map((name) => [name, values[name]])),
    sort: sorting.sort.by, direction: sorting.sort.direction,
  })
  const columns = useColumns()
  return (
    <Page title={t('demands.title')} width="full">
      <ul className="kp-tabs" aria-label={t('demands.views')}>
        {VIEWS.map((name) => (
          <li key={name}><button type="button" className="kp-tab" aria-pressed={view === name} onClick={() => set({ view: name === 'all' ? null : name, sort: null, direction: null })}>{t(`demands.view.${name}`)}</button></li>
        ))}
      </ul>
      <FilterBar name="demands" filters={filters} search={t('demands.search')} />
      <DataTable
        name="bedarfe"
        caption={t('demands.title')}
        columns={columns}
        list={list}
        rowKey={(row) => row.id}
        rowTitle={(row) => words.childLabel(row.child.label)}
        onOpen={(row) => void navigate(to(`/amt/bedarfe/${row.id}`))}
        sorting={sorting}
        filteredBy={namesOf(filters)}
        empty={{ title: t(`demands.empty.${view}`), text: t('demands.emptyText') }}
      />
    </Page>
  )
}
