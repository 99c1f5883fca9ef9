import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useQueries } from '@tanstack/react-query'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { keyOf } from '../../api/hooks'
import type { StaffPreferenceDetail } from '../../api/types'
import { useTo } from '../../app/tenant'
import { PREFERENCE_LOOK, useWords } from '../../lib/words'
import { Badge, Button, EmptyState, ErrorState, Link, Page, Skeleton } from '../../ui'
import { Due, useAddress, useFormat } from '../../staff'
import { useStaffState } from './words'

/** At most so many children stand beside each other. */
export const MOST = 4
type Line = { id: string; label: string; cell: (row: StaffPreferenceDetail) => ReactNode }

function useLines(rows: StaffPreferenceDetail[]): Line[] {
  const { t } = useTranslation('compare')
  const { t: work } = useTranslation('work')
  const words = useWords()
  const format = useFormat()
  const state = useStaffState()
  const titles = new Map(rows.flatMap((row) => row.score?.lines ?? []).map((line) => [line.code, line.title]))
  const points = (row: StaffPreferenceDetail, code: string) => {
    const line = row.score?.lines.find((one) => one.code === code)
    return line && line.outcome === 'counted' ? t('points', { count: line.points }) : '–'
  }
  return [
    { id: 'state', label: work('col.state'), cell: (row) => <Badge {...PREFERENCE_LOOK[row.state]}>{state(row.state)}</Badge> },
    { id: 'facility', label: work('col.facility'), cell: (row) => row.facility_name },
    { id: 'age', label: work('col.age'), cell: (row) => `${format.age(row.child.age_months_at_start)} (${words.ageBand(row.child.age_band)})` },
    { id: 'start', label: work('col.start'), cell: (row) => format.date(row.desired_start) },
    { id: 'latest', label: t('latest'), cell: (row) => format.date(row.latest_start) || '–' },
    { id: 'hours', label: work('col.hours'), cell: (row) => `${work('hours', { count: row.hours_per_week })}${row.window_from ? `, ${format.window(row.window_from, row.window_to)}` : ''}` },
    { id: 'claim', label: work('sign.claim'), cell: (row) => (row.legal_claim ? <Due on={row.legal_due_on} /> : '–') },
    { id: 'sibling', label: work('sign.sibling'), cell: (row) => (row.sibling_here ? work('yes') : '–') },
    { id: 'received', label: work('col.received'), cell: (row) => format.date(row.received_at) },
    { id: 'rank', label: t('rank'), cell: (row) => row.score?.rank ?? '–' },
    { id: 'sum', label: t('sum'), cell: (row) => <strong>{row.score ? t('points', { count: row.score.points }) : '–'}</strong> },
    ...[...titles].map(([code, title]): Line => ({ id: `criterion-${code}`, label: title, cell: (row) => points(row, code) })),
  ]
}

/** Two to four children side by side. */
export function ComparePage(): JSX.Element {
  const { t } = useTranslation('compare')
  const { t: work } = useTranslation('work')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const { values } = useAddress()
  const ids = (values['kinder'] ?? '').split(',').filter(Boolean).slice(0, MOST)
  const found = useQueries({
    queries: ids.map((id) => {
      const path = `/staff/preferences/${encodeURIComponent(id)}`
      return { queryKey: keyOf(api, path), queryFn: () => api.get<StaffPreferenceDetail>(path) }
    }),
  })
  const rows = found.flatMap((query) => (query.data ? [query.data] : []))
  const problem = found.map((query) => query.error).find((error): error is ApiError => error instanceof ApiError)
  const lines = useLines(rows)
  const back = { to: to('/arbeit/vormerkungen'), label: work('list.title') }
  const retry = () => { for (const query of found) void query.refetch() }
  return (
    <Page title={t('title')} lead={t('lead')} back={back} width="full">
      {ids.length < 2 && <EmptyState title={t('few')}>{t('fewText')}</EmptyState>}
      {problem && <ErrorState problem={problem} onRetry={retry} />}
      {!problem && rows.length < ids.length && <Skeleton blocks={1} lines={8} />}
      {ids.length >= 2 && rows.length === ids.length && (
        <>
          <div className="kp-actions"><Button small kind="secondary" onClick={() => window.print()}>{t('print')}</Button></div>
          <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('title')}>
            <table className="kp-dense kp-compare">
              <thead><tr><th scope="col">{t('what')}</th>{rows.map((row) => <th scope="col" key={row.id}><Link to={`${to('/arbeit/vormerkungen')}?fall=${row.id}`}>{words.childLabel(row.child.label)}</Link></th>)}</tr></thead>
              <tbody>
                {lines.map((line) => <tr key={line.id}><th scope="row">{line.label}</th>{rows.map((row) => <td key={row.id} data-label={words.childLabel(row.child.label)}>{line.cell(row)}</td>)}</tr>)}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Page>
  )
}
