import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useList } from '../../api/hooks'
import type { InboxItem, InboxKind } from '../../api/inbox-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Badge, Link, Page } from '../../ui'
import { DataTable, Due, FilterBar, useAddress, useFormat, type Col, type Filter } from '../../staff'

const KINDS: InboxKind[] = ['answer', 'offer', 'contract', 'document']
const LOOK = {
  answer: { tone: 'info', icon: 'mail' },
  offer: { tone: 'neutral', icon: 'clock' },
  contract: { tone: 'info', icon: 'document' },
  document: { tone: 'warning', icon: 'warning' },
} as const

/** One list of what waits today, by deadline; each line leads to where it is done. */
export function InboxPage(): JSX.Element {
  const { t } = useTranslation('inbox')
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const { values } = useAddress()
  const kind = KINDS.find((name) => name === values['kind'])
  const own = useGet<Items<MyFacility>>('/staff/facilities')
  const list = useList<InboxItem>('/staff/inbox', { kind, facility_id: values['facility_id'] })
  const filters: Filter[] = [
    { name: 'kind', label: t('col.task'), kind: 'one', options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
    { name: 'facility_id', label: t('col.facility'), kind: 'one', options: (own.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })) },
  ]
  const place = (row: InboxItem) => {
    if (row.kind === 'contract') return to('/arbeit/vertraege')
    if (row.kind === 'offer') return to('/arbeit/angebote')
    return `${to('/arbeit/vormerkungen')}?fall=${row.preference_id}`
  }
  const task = (row: InboxItem) => (row.kind === 'document' ? t('task.document', { count: row.documents }) : t(`task.${row.kind}`))
  const columns: Col<InboxItem>[] = [
    { id: 'task', header: t('col.task'), fixed: true, text: task, cell: (row) => <Badge {...LOOK[row.kind]}>{task(row)}</Badge> },
    { id: 'child', header: t('col.child'), fixed: true, text: (row) => words.childLabel(row.child_label), cell: (row) => <Link to={place(row)}>{words.childLabel(row.child_label)}</Link> },
    { id: 'due', header: t('col.due'), text: (row) => row.due_on, cell: (row) => (row.due_on ? <Due on={row.due_on} /> : t('noDate')) },
    { id: 'facility', header: t('col.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'since', header: t('col.since'), text: (row) => row.since.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.since)}</span> },
  ]
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <FilterBar name="eingang" filters={filters} />
      <DataTable name="eingang" caption={t('title')} columns={columns} list={list} rowKey={(row) => `${row.kind}${row.preference_id}${row.contract_id ?? ''}`} empty={{ title: t('empty'), text: t('emptyText') }} />
    </Page>
  )
}
