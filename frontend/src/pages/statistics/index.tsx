import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { FacilityStatistics, Finding, Statistics } from '../../api/statistics-types'
import { hasRole, STAFF_ROLES, useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { ErrorState, Link, Page, Section, Skeleton, Table } from '../../ui'
import { DataTable, FilterBar, hasWords, namesOf, useAddress, useFormat, type Col, type Filter } from '../../staff'
import { useMayWrite } from '../office/rights'
import { useYear, YearChoice } from './year'
import './statistics.css'

const PARTS: FacilityStatistics['part'][] = ['facilities', 'childminding']

// A facility that has told nothing yet lacks so much that the next one would be out of sight.
const FEW = 2
const isOpen = (row: FacilityStatistics): boolean => row.missing.length > 0 || row.incomplete.length > 0

/** The form of a facility: whoever runs it has it at work, the administration in the office. A clerk has none. */
function useForm(): (row: FacilityStatistics, part?: string) => string | null {
  const to = useTo()
  const year = useYear()
  const { session } = useSession()
  const area = hasRole(session, ['tenant_admin']) ? 'amt' : hasRole(session, STAFF_ROLES) ? 'arbeit' : null
  return (row, part = '') => area && to(`/${area}/statistik/${row.facility_id}${part}?year=${year}`)
}

/** Where a gap of a facility is mended. The masks of providers and facilities are the administrators'. */
function useMend(): (row: FacilityStatistics, finding: Finding) => string | null {
  const to = useTo()
  const form = useForm()
  const { session } = useSession()
  const isAdmin = hasRole(session, ['tenant_admin'])
  // Permit and staff are written by whoever runs the facility.
  const basis = (row: FacilityStatistics) => (hasRole(session, STAFF_ROLES) ? to(`/arbeit/kapazitaet/${row.facility_id}/grundlagen`) : null)
  return (row, finding) => {
    switch (finding) {
      case 'permit_missing':
        if (row.part === 'childminding') return isAdmin ? to(`/verwaltung/einrichtungen/${row.facility_id}`) : null
        return basis(row)
      case 'staff_missing': return basis(row)
      case 'kind_missing': return isAdmin ? to(`/verwaltung/einrichtungen/${row.facility_id}`) : null
      case 'provider_kind_missing': return isAdmin ? to('/verwaltung/traeger') : null
      case 'no_children': return null
      default: return form(row)
    }
  }
}

function Missing({ row }: { row: FacilityStatistics }): JSX.Element {
  const { t } = useTranslation('statistics')
  const to = useTo()
  const mend = useMend()
  const form = useForm()
  const children = form(row, '/kinder')
  if (!isOpen(row)) return <>{t('complete')}</>
  const missing = row.missing.map((finding) => {
    const where = mend(row, finding)
    return <div key={finding}>{where ? <Link to={where}>{t(`missing.${finding}`)}</Link> : t(`missing.${finding}`)}</div>
  })
  return (
    <>
      {row.missing.length > FEW
        ? <details className="kp-survey-missing"><summary>{t('missingCount', { count: row.missing.length })}</summary>{missing}</details>
        : missing}
      {row.incomplete.length > 0 && (
        <details className="kp-survey-missing">
          <summary>{t('childrenMissing', { count: row.incomplete.length })}</summary>
          {children && <p><Link to={children}>{t('children.enter')}</Link></p>}
          <ul>
            {row.incomplete.map((child) => (
              <li key={child.child_id}><Link to={to(`/amt/kinder/${child.child_id}`)}>{child.label}</Link>: {child.missing.map((finding) => t(`missing.${finding}`)).join(', ')}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function Held({ statistics }: { statistics: Statistics }): JSX.Element {
  const { t } = useTranslation('statistics')
  return (
    <Section title={t('held')}>
      <p className="kern-body">{t('heldText')}</p>
      <Table cards
        caption={t('held')}
        hideCaption
        rows={statistics.columns}
        rowKey={(row) => row.code}
        columns={[
          { id: 'column', header: t('heldCol.column'), rowHeader: true, cell: (row) => row.column },
          { id: 'state', header: t('heldCol.state'), cell: (row) => t(row.entered ? 'source.entered' : 'source.known') },
        ]}
      />
    </Section>
  )
}

/** The statistics of 1 March: what is missing, each with the place where it is mended, and the files. */
export function StatisticsPage(): JSX.Element {
  const { t } = useTranslation('statistics')
  const api = useApi()
  const format = useFormat()
  const year = useYear()
  const mayWrite = useMayWrite()
  const form = useForm()
  const query = useGet<Statistics>('/office/statistics', { year })
  const data = query.data
  const rows = data?.facilities ?? []
  const open = rows.filter(isOpen).length
  const columns: Col<FacilityStatistics>[] = [
    { id: 'facility', header: t('col.facility'), fixed: true, text: (row) => row.name, cell: (row) => { const place = form(row); return place ? <Link to={place}>{row.name}</Link> : row.name } },
    { id: 'part', header: t('col.part'), text: (row) => t(`part.${row.part}`), cell: (row) => t(`part.${row.part}`) },
    { id: 'children', header: t('col.children'), numeric: true, text: (row) => row.children, cell: (row) => format.number(row.children) },
    { id: 'staff', header: t('col.staff'), numeric: true, text: (row) => row.staff_minutes / 60, cell: (row) => (row.staff_minutes > 0 ? format.number(Math.round(row.staff_minutes / 6) / 10) : '–') },
    { id: 'licensed', header: t('col.licensed'), numeric: true, text: (row) => row.licensed ?? '', cell: (row) => (row.licensed === null ? '–' : format.number(row.licensed)) },
    { id: 'missing', header: t('col.missing'), text: (row) => row.missing.map((finding) => t(`missing.${finding}`)).join(', '), cell: (row) => <Missing row={row} /> },
    // The files name single children's answers, so that who only reads does not get them.
    ...(mayWrite ? [{
      id: 'file', header: t('col.file'), fixed: true,
      cell: (row: FacilityStatistics) => <a className="kern-link" href={api.url(`/office/statistics/${row.facility_id}.csv`, { year })} download aria-label={t('csvFor', { name: row.name })}>{t('csv')}</a>,
    }] : []),
  ]
  const { values } = useAddress()
  const filters: Filter[] = [
    { name: 'part', label: t('col.part'), kind: 'one', options: PARTS.map((value) => ({ value, label: t(`part.${value}`) })) },
    { name: 'open', label: t('onlyOpen'), kind: 'flag' },
  ]
  const shown = rows.filter((row) => hasWords(row.name, values['q']) && (!values['part'] || row.part === values['part']) && (values['open'] !== 'true' || isOpen(row)))
  const list = { items: shown, total: shown.length, isPending: query.isPending, error: query.error, refetch: () => void query.refetch() }
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <YearChoice>
        {mayWrite && <a className="kern-btn kern-btn--secondary" href={api.url('/office/statistics/files.zip', { year })} download><span className="kern-label">{t('zip')}</span></a>}
      </YearChoice>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {!data && !query.error && <Skeleton blocks={2} lines={4} />}
      {data && (
        <>
          <ul className="kp-figures">
            {([['facilities', rows.length], ['children', rows.reduce((sum, row) => sum + row.children, 0)], ['complete', rows.length - open], ['open', open]] as const).map(([name, value]) => (
              <li key={name} className="kp-figure"><span className="kp-figure__value">{format.number(value)}</span><span className="kp-figure__label">{t(`figure.${name}`)}</span></li>
            ))}
          </ul>
          <FilterBar name="statistics" filters={filters} search={t('search')} />
          <DataTable name="statistik" caption={t('title')} columns={columns} list={list} rowKey={(row) => row.facility_id} filteredBy={namesOf(filters)} empty={{ title: t('empty'), text: t('emptyText') }} />
          <Held statistics={data} />
        </>
      )}
    </Page>
  )
}
