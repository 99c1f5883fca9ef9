import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { AuditEntry } from '../../api/types'
import { useWords } from '../../lib/words'
import { Badge, Page } from '../../ui'
import { AuditChainPanel } from './audit-chain'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, type Col, type Filter } from '../../staff'

/** Who did or saw what, newest first. */
export function AuditPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: privacy, i18n } = useTranslation('privacy')
  const { t: chain } = useTranslation('audit')
  const { t: actions } = useTranslation('actions')
  const { values } = useAddress()
  const words = useWords()
  const format = useFormat()
  const filters: Filter[] = [
    { name: 'from', label: t('audit.from'), kind: 'date' },
    { name: 'to', label: t('audit.to'), kind: 'date' },
    { name: 'outcome', label: privacy('audit.outcome'), kind: 'one', options: [{ value: 'done', label: privacy('audit.done') }, { value: 'refused', label: privacy('audit.refused') }] },
    { name: 'alerts', label: privacy('audit.alertsOnly'), kind: 'flag' },
    { name: 'action', label: t('audit.operation'), kind: 'text' },
    { name: 'object_id', label: t('audit.object'), kind: 'text' },
  ]
  // Only by time: so many events nobody loads to sort them by anything else.
  const sorting = useSorting({ by: 'at', direction: 'desc' })
  const list = useList<AuditEntry>('/admin/audit', {
    direction: sorting.sort.direction, from: values['from'], to: values['to'],
    action: values['action'], object_id: values['object_id'], outcome: values['outcome'], alerts: values['alerts'],
  })
  const role = (row: AuditEntry) => (row.role ? words.role(row.role) : t(`audit.kind.${row.actor_kind}`))
  // What concerns a child has the sentence that parents read, all else one of its own; the name of the operation is a column for whoever asks for it.
  const sentence = (row: AuditEntry) => (i18n.exists(`privacy:access.action.${row.action}`) ? privacy(`access.action.${row.action as 'get_demand'}`)
    : i18n.exists(`actions:op.${row.action}`) ? actions(`op.${row.action as 'sign_in'}`) : null)
  const columns: Col<AuditEntry>[] = [
    { id: 'at', sort: 'at', header: t('audit.at'), fixed: true, text: (row) => row.at, cell: (row) => <span className="kp-num kp-nowrap">{format.dateTime(row.at)}</span> },
    { id: 'actor', header: t('audit.actor'), text: (row) => row.actor_label, cell: (row) => <>{row.actor_label}{row.on_behalf_of && <div className="kp-small">{chain('onBehalf', { name: row.on_behalf_of_label ?? row.on_behalf_of })}</div>}</> },
    { id: 'role', header: t('audit.role'), text: role, cell: role },
    { id: 'action', header: t('audit.action'), text: (row) => sentence(row) ?? row.action, cell: (row) => sentence(row) ?? <code className="kp-small">{row.action}</code> },
    { id: 'operation', header: t('audit.operation'), hidden: true, text: (row) => row.action, cell: (row) => <code className="kp-small">{row.action}</code> },
    { id: 'outcome', header: privacy('audit.outcome'), text: (row) => [privacy(`audit.${row.outcome}`), row.code, row.reason].filter(Boolean).join(' '), cell: (row) => <>{row.alert && <Badge tone="warning" icon="warning">{privacy('audit.alert')}</Badge>} {privacy(`audit.${row.outcome}`)}{(row.code ?? row.reason) && <> <code className="kp-small">{row.code ?? row.reason}</code></>}</> },
    { id: 'object', header: t('audit.object'), text: (row) => row.object_id, cell: (row) => <code className="kp-small">{row.object_id ?? '–'}</code> },
    { id: 'request', header: t('audit.request'), hidden: true, text: (row) => row.request_id, cell: (row) => <code className="kp-small">{row.request_id}</code> },
  ]
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')} width="full">
      <AuditChainPanel />
      <FilterBar name="audit" filters={filters} />
      <DataTable name="protokoll" caption={t('audit.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} filteredBy={namesOf(filters)} empty={{ title: t('audit.empty'), text: t('audit.emptyText') }} />
    </Page>
  )
}
