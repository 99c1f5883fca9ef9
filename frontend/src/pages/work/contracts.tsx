import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useList, useRefresh } from '../../api/hooks'
import type { Contract, ContractState, Items, MyFacility } from '../../api/types'
import { useWords } from '../../lib/words'
import { Badge, DownloadLink, Link, Page, type IconName, type Tone } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter } from '../../staff'
import { ContractPanel } from '../contracts/panel'
import { lastDay } from '../../lib/dates'
import { useTo } from '../../app/tenant'

const LOOK: Record<ContractState, { tone: Tone | 'neutral'; icon: IconName }> = {
  drafted: { tone: 'info', icon: 'edit' },
  sent: { tone: 'info', icon: 'mail' },
  signed_by_guardians: { tone: 'info', icon: 'people' },
  signed_by_provider: { tone: 'success', icon: 'check' },
  active: { tone: 'success', icon: 'check-circle' },
  terminated: { tone: 'warning', icon: 'x-circle' },
  ended: { tone: 'neutral', icon: 'check' },
}
const STATES = Object.keys(LOOK) as ContractState[]

export function ContractsPage(): JSX.Element {
  const { t } = useTranslation('work')
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const { t: contracts } = useTranslation('contracts')
  const to = useTo()
  const refresh = useRefresh()
  const { offer: say, bar } = useUndo()
  const { values, set } = useAddress()
  const openId = values['vertrag'] ?? null
  const close = () => set({ vertrag: null })
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const mine = facilities.data?.items ?? []
  const filters: Filter[] = [
    ...(mine.length > 1 ? [{ name: 'facility_id', label: t('col.facility'), kind: 'one' as const, options: mine.map((entry) => ({ value: entry.id, label: entry.name })) }] : []),
    { name: 'state', label: t('col.state'), kind: 'one', options: STATES.map((value) => ({ value, label: words.contractState(value) })) },
    { name: 'measles_missing', label: contracts('measles.filter'), kind: 'flag' },
  ]
  const sorting = useSorting({ by: 'created', direction: 'desc' })
  const list = useList<Contract>('/contracts', { facility_id: values['facility_id'], state: values['state'], q: values['q'], measles_missing: values['measles_missing'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const columns: Col<Contract>[] = [
    { id: 'child', sort: 'child', header: t('col.child'), fixed: true, cell: (row) => <span className="kp-nowrap">{words.childLabel(row.child.label)}</span>, text: (row) => words.childLabel(row.child.label) },
    { id: 'state', sort: 'state', header: t('col.state'), cell: (row) => <Badge {...LOOK[row.state]}>{words.contractState(row.state)}</Badge>, text: (row) => words.contractState(row.state) },
    { id: 'from', sort: 'start', header: t('offers.from'), text: (row) => row.care_from, cell: (row) => <span className="kp-num kp-nowrap">{format.date(row.care_from)} – {format.date(lastDay(row.care_until))}</span> },
    { id: 'hours', header: t('col.hours'), text: (row) => row.hours_per_week, cell: (row) => <span>{t('hours', { count: row.hours_per_week })}<span className="kp-under">{format.times(row)}</span></span> },
    { id: 'facility', sort: 'facility', header: t('col.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'provider', sort: 'provider', header: t('contracts.provider'), text: (row) => row.provider_name, cell: (row) => row.provider_name ?? '–' },
    { id: 'created', sort: 'created', header: t('contracts.created'), text: (row) => row.created_at.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.created_at)}</span> },
    { id: 'pdf', header: t('contracts.file'), fixed: true, cell: (row) => <span className="kp-nowrap"><DownloadLink small kind="tertiary" href={api.url(`/contracts/${row.id}/draft.pdf`)}>{t('contracts.pdf')}</DownloadLink></span> },
  ]
  return (
    <Page title={t('contracts.title')} width="full">
      <FilterBar name="contracts" filters={filters} search={t('offers.search')} />
      <p className="kern-body"><Link to={to('/arbeit/vertragstexte')}>{contracts('templates.title')}</Link></p>
      <WithPanel panel={openId && <ContractPanel key={openId} id={openId} onClose={close} onChanged={(message) => { say(message); void refresh('/contracts') }} />}>
        <DataTable name="vertraege" caption={t('contracts.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} rowTitle={(row) => words.childLabel(row.child.label)} openId={openId} onOpen={(row) => set({ vertrag: row.id })} onClose={close} filteredBy={namesOf(filters)} empty={{ title: t('contracts.empty'), text: t('contracts.emptyText') }} />
      </WithPanel>
      {bar}
    </Page>
  )
}
