import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useGet, useList } from '../../api/hooks'
import type { FacilityKind, Items, ListedFacility, Provider } from '../../api/types'
import { useTo } from '../../app/tenant'
import { addressOf } from '../../lib/text'
import { useWords } from '../../lib/words'
import { ButtonLink, Page } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, type Col, type Filter } from '../../staff'

const KINDS: FacilityKind[] = ['nursery', 'kindergarten', 'daycare', 'after_school', 'daycare_with_after_school', 'parent_child_group', 'childminder']

export function FacilitiesPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const words = useWords()
  const format = useFormat()
  const to = useTo()
  const navigate = useNavigate()
  const { values } = useAddress()
  const sorting = useSorting({ by: 'name', direction: 'asc' })
  const providers = useGet<Items<Provider>>('/admin/providers', { limit: 200 })
  const filters: Filter[] = [
    { name: 'kind', label: t('facilities.kind'), kind: 'one', options: KINDS.map((value) => ({ value, label: words.facilityKind(value) })) },
    { name: 'provider_id', label: t('facilities.provider'), kind: 'one', options: (providers.data?.items ?? []).map((entry) => ({ value: entry.id, label: entry.name })) },
    { name: 'unconfirmed', label: t('facilities.unconfirmed'), kind: 'flag' },
  ]
  const list = useList<ListedFacility>('/admin/facilities', { q: values['q'], kind: values['kind'], provider_id: values['provider_id'], unconfirmed: values['unconfirmed'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const kind = (row: ListedFacility) => (row.kind ? words.facilityKind(row.kind) : t('unknown'))
  const columns: Col<ListedFacility>[] = [
    { id: 'name', sort: 'name', header: t('facilities.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'kind', header: t('facilities.kind'), text: kind, cell: kind },
    { id: 'provider', sort: 'provider', header: t('facilities.provider'), text: (row) => row.provider_name, cell: (row) => row.provider_name ?? t('unknown') },
    { id: 'address', sort: 'address', header: t('facilities.address'), text: addressOf, cell: addressOf },
    { id: 'district', sort: 'district', header: t('facilities.district'), hidden: true, text: (row) => row.district, cell: (row) => row.district ?? '–' },
    { id: 'hours', sort: 'opens', header: t('facilities.hours'), text: (row) => format.window(row.opens_at, row.closes_at), cell: (row) => <span className="kp-nowrap">{format.window(row.opens_at, row.closes_at)}</span> },
    { id: 'confirmed', sort: 'confirmed', header: t('facilities.confirmed'), text: (row) => row.confirmed_on, cell: (row) => format.date(row.confirmed_on) || t('facilities.noFigures') },
  ]
  return (
    <Page title={t('facilities.title')} width="full">
      <div className="kp-dense__acts">
        <ButtonLink small icon="add" to={to('/verwaltung/einrichtungen/neu')}>{t('facilities.add')}</ButtonLink>
        <ButtonLink small kind="secondary" to={to('/verwaltung/import')}>{t('facilities.toImport')}</ButtonLink>
      </div>
      <FilterBar name="facilities" filters={filters} search={t('facilities.search')} />
      <DataTable name="einrichtungen" caption={t('facilities.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} rowTitle={(row) => row.name} onOpen={(row) => void navigate(to(`/verwaltung/einrichtungen/${row.id}`))} filteredBy={namesOf(filters)} empty={{ title: t('facilities.empty'), text: t('facilities.emptyText') }} />
    </Page>
  )
}
