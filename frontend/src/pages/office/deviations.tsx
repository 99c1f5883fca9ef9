import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { Link, Page } from '../../ui'
import { DataTable, useFormat, useSorting, type Col } from '../../staff'

export type PassedOver = {
  id: string; at: string; facility_name: string; demand_id: string; child_label: string | null
  position: number; reason: string | null; decided_by: string | null
}

/** The offers that went past the order of a follow-up list: what the figure of the overview counts. */
export function DeviationsPage(): JSX.Element {
  const { t, i18n } = useTranslation('alerts')
  const { t: rounds } = useTranslation('rounds')
  const { t: office } = useTranslation('office')
  const to = useTo()
  const format = useFormat()
  const sorting = useSorting({ by: 'at', direction: 'desc' })
  const list = useList<PassedOver>('/office/deviations', { sort: sorting.sort.by, direction: sorting.sort.direction })
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
      <DataTable name="abweichungen" caption={t('deviations.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} empty={{ title: t('deviations.empty'), text: t('deviations.emptyText') }} />
    </Page>
  )
}
