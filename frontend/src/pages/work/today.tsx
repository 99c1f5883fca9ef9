import { useCallback, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useGet, useList, useRefresh } from '../../api/hooks'
import type { InboxItem, InboxKind } from '../../api/inbox-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Badge, Button, ButtonLink, Page } from '../../ui'
import { DataTable, Due, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter } from '../../staff'
import { CasePanel } from './case'
import { OwnFacilities } from './own-facilities'

const KINDS: InboxKind[] = ['answer', 'offer', 'contract', 'document', 'consent', 'permit', 'staff', 'shortage', 'absence', 'decline', 'termination']
const LOOK = {
  answer: { tone: 'info', icon: 'mail' },
  offer: { tone: 'neutral', icon: 'clock' },
  contract: { tone: 'info', icon: 'document' },
  document: { tone: 'warning', icon: 'warning' },
  consent: { tone: 'warning', icon: 'clock' },
  permit: { tone: 'warning', icon: 'document' },
  staff: { tone: 'warning', icon: 'clock' },
  shortage: { tone: 'danger', icon: 'warning' },
  absence: { tone: 'danger', icon: 'people' },
  decline: { tone: 'info', icon: 'info' },
  termination: { tone: 'info', icon: 'info' },
} as const

/** One list of what waits, by deadline. A preference opens beside it; offers and contracts have pages of their own. */
function Inbox(): JSX.Element {
  const { t } = useTranslation('inbox')
  const { t: work } = useTranslation('work')
  const { t: staff } = useTranslation('staff')
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const to = useTo()
  const navigate = useNavigate()
  const words = useWords()
  const format = useFormat()
  const { values, set } = useAddress()
  const openId = values['fall'] ?? null
  const close = useCallback(() => set({ fall: null }), [set])
  const kind = KINDS.find((name) => name === values['kind'])
  const own = useGet<Items<MyFacility>>('/staff/facilities')
  const sorting = useSorting({ by: 'due', direction: 'asc' })
  const list = useList<InboxItem>('/staff/inbox', { kind, facility_id: values['facility_id'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const filters: Filter[] = [
    { name: 'kind', label: t('col.task'), kind: 'one', options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) },
    { name: 'facility_id', label: t('col.facility'), kind: 'one', options: (own.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })) },
  ]
  const elsewhere = (row: InboxItem) => {
    switch (row.kind) {
      case 'contract':
      case 'consent':
      case 'termination': return `${to('/arbeit/vertraege')}${row.contract_id ? `?vertrag=${row.contract_id}` : ''}`
      case 'offer': return `${to('/arbeit/angebote')}?fall=${row.preference_id}`
      case 'decline': return `${to('/arbeit/angebote')}?view=all&fall=${row.preference_id}`
      case 'permit':
      case 'staff':
      case 'shortage': return to(`/arbeit/kapazitaet/${row.facility_id}/grundlagen`)
      case 'absence': return to(`/arbeit/kapazitaet/${row.facility_id}/vertretung`)
      default: return null
    }
  }
  const about = (row: InboxItem) => (row.child_label === null ? '–' : words.childLabel(row.child_label))
  const keyOf = (row: InboxItem) => `${row.kind}${row.preference_id ?? row.facility_id}${row.contract_id ?? row.due_on ?? ''}`
  const open = (row: InboxItem) => { const page = elsewhere(row); if (page) void navigate(page); else set({ fall: row.preference_id }) }
  const opened = list.items.find((row) => row.preference_id === openId && !elsewhere(row))
  const task = (row: InboxItem) => (row.kind === 'document' || row.kind === 'staff' || row.kind === 'shortage' || row.kind === 'absence' ? t(`task.${row.kind}`, { count: row.count }) : t(`task.${row.kind}`))
  const columns: Col<InboxItem>[] = [
    { id: 'task', header: t('col.task'), fixed: true, text: task, cell: (row) => <Badge {...LOOK[row.kind]}>{task(row)}</Badge> },
    { id: 'child', sort: 'child', header: t('col.child'), fixed: true, text: about, cell: about },
    { id: 'due', sort: 'due', header: t('col.due'), text: (row) => row.due_on, cell: (row) => (row.due_on ? <Due on={row.due_on} /> : t('noDate')) },
    { id: 'facility', sort: 'facility', header: t('col.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'since', sort: 'since', header: t('col.since'), text: (row) => row.since.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.since)}</span> },
    {
      id: 'act', header: work('queue.act'), fixed: true,
      cell: (row) => {
        const [name, page] = [work('queue.openFor', { child: row.child_label === null ? row.facility_name : words.childLabel(row.child_label) }), elsewhere(row)]
        return page
          ? <ButtonLink small kind="tertiary" to={page} aria-label={name}>{work('queue.open')}</ButtonLink>
          : <Button small kind="secondary" onClick={() => set({ fall: row.preference_id })} aria-label={name}>{work('queue.open')}</Button>
      },
    },
  ]
  return (
    <>
      <FilterBar name="eingang" filters={filters} search={staff('search.child')} />
      <WithPanel panel={openId && <CasePanel key={openId} id={openId} onClose={close} onChanged={(message, undo) => { offer(message, undo); void refresh('/staff') }} />}>
        <DataTable
          name="eingang" caption={t('waiting')} columns={columns} list={list} sorting={sorting} onClose={close}
          rowKey={keyOf} openId={opened ? keyOf(opened) : null} onOpen={open}
          filteredBy={namesOf(filters)}
          empty={{ title: t('empty'), text: t('emptyText'), action: <ButtonLink kind="secondary" to={to('/arbeit/vormerkungen')}>{work('queue.toList')}</ButtonLink> }}
        />
      </WithPanel>
      {bar}
    </>
  )
}

/** The day's start: what waits, and the own facilities. */
export function TodayPage(): JSX.Element {
  const { t } = useTranslation('inbox')
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <Inbox />
      <OwnFacilities />
    </Page>
  )
}
