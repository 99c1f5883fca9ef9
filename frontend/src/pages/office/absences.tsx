import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { InboxItem } from '../../api/inbox-types'
import { useTo } from '../../app/tenant'
import { Link, Page } from '../../ui'
import { DataTable, Due, useSorting, type Col } from '../../staff'

/** Childminders who are away while some child has no substitute: what the figure of the overview counts. */
export function UncoveredAbsencesPage(): JSX.Element {
  const { t } = useTranslation('places')
  const { t: office } = useTranslation('office')
  const to = useTo()
  const sorting = useSorting({ by: 'due', direction: 'asc' })
  const list = useList<InboxItem>('/staff/inbox', { kind: 'absence', sort: sorting.sort.by, direction: sorting.sort.direction })
  const columns: Col<InboxItem>[] = [
    { id: 'facility', sort: 'facility', header: t('absence.childminder'), fixed: true, text: (row) => row.facility_name, cell: (row) => <Link to={to(`/amt/vertretungen/${row.facility_id}`)}>{row.facility_name}</Link> },
    { id: 'due', sort: 'due', header: t('absence.from'), text: (row) => row.due_on, cell: (row) => <Due on={row.due_on} /> },
    { id: 'count', header: t('absence.without'), numeric: true, text: (row) => row.count, cell: (row) => row.count },
  ]
  return (
    <Page title={t('absence.officeTitle')} lead={t('absence.officeLead')} back={{ to: to('/amt'), label: office('overview.title') }} width="full">
      <DataTable name="vertretungen" caption={t('absence.officeTitle')} columns={columns} list={list} sorting={sorting} rowKey={(row) => `${row.facility_id}${row.due_on ?? ''}`} empty={{ title: t('absence.allCovered') }} />
    </Page>
  )
}
