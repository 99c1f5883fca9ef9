import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useList } from '../../api/hooks'
import type { DeviationReason } from '../../api/round-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { Link, Page } from '../../ui'
import { DataTable, FilterBar, useAddress, useFormat, useSorting, type Col, type Filter } from '../../staff'

export type PassedOver = {
  id: string; at: string; facility_name: string; demand_id: string; child_label: string | null
  position: number; reason: string | null; decided_by: string | null
}

const REASONS: DeviationReason[] = ['court_order', 'hardship', 'inclusion', 'siblings_together', 'group_mix', 'data_error']

/** The offers that went past the order of a follow-up list: what the figure of the overview counts. */
export function DeviationsPage(): JSX.Element {
  const { t, i18n } = useTranslation('alerts')
  const { t: rounds } = useTranslation('rounds')
  const { t: office } = useTranslation('office')
  const to = useTo()
  const format = useFormat()
  const sorting = useSorting({ by: 'at', direction: 'desc' })
  const { values } = useAddress()
  const facilities = useGet<Items<MyFacility>>('/staff/facilities', undefined, { staleTime: 300_000 })
  const filters: Filter[] = [
    { name: 'facility_id', label: t('deviations.facility'), kind: 'one', options: (facilities.data?.items ?? []).map((entry) => ({ value: entry.id, label: entry.name })) },
    { name: 'reason', label: t('deviations.reason'), kind: 'one', options: REASONS.map((value) => ({ value, label: rounds(`deviation.reason.${value}`) })) },
    { name: 'from', label: t('deviations.from'), kind: 'date' },
    { name: 'to', label: t('deviations.to'), kind: 'date' },
  ]
  const list = useList<PassedOver>('/office/deviations', { facility_id: values['facility_id'], reason: values['reason'], from: values['from'], to: values['to'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const reason = (row: PassedOver) => (row.reason && i18n.exists(`rounds:deviation.reason.${row.reason}`) ? rounds(`deviation.reason.${row.reason as 'court_order'}`) : (row.reason ?? '–'))
  const columns: Col<PassedOver>[] = [
    { id: 'at', sort: 'at', header: t('deviations.at'), fixed: true, text: (row) => row.at, cell: (row) => <span className="kp-num kp-nowrap">{format.dateTime(row.at)}</span> },
    { id: 'facility', sort: 'facility', header: t('deviations.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'child', header: t('deviations.child'), text: (row) => row.child_label, cell: (row) => (row.child_label ? <Link to={to(`/amt/bedarfe/${row.demand_id}`)}>{row.child_label}</Link> : t('deviations.restricted')) },
    { id: 'position', sort: 'position', header: t('deviations.position'), numeric: true, text: (row) => row.position, cell: (row) => row.position },
    { id: 'reason', header: t('deviations.reason'), text: reason, cell: reason },
    { id: 'by', header: t('deviations.by'), text: (row) => row.decided_by, cell: (row) => row.decided_by ?? t('deviations.rule') },
  ]
  return (
    <Page title={t('deviations.title')} lead={t('deviations.lead')} back={{ to: to('/amt'), label: office('overview.title') }} width="full">
      <FilterBar name="deviations" filters={filters} />
      <DataTable name="abweichungen" caption={t('deviations.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} filteredBy={filters.map((filter) => filter.name)} empty={{ title: t('deviations.empty'), text: t('deviations.emptyText') }} />
    </Page>
  )
}
