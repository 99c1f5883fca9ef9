import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useList } from '../../api/hooks'
import type { FacilityResult } from '../../api/types'
import { useTo } from '../../app/tenant'
import { addressOf } from '../../lib/text'
import { useWords } from '../../lib/words'
import { ButtonLink, Page } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, type Col } from '../../staff'

export function FacilitiesPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const words = useWords()
  const format = useFormat()
  const to = useTo()
  const navigate = useNavigate()
  const { values } = useAddress()
  const list = useList<FacilityResult>('/facilities', { q: values['q'], sort: 'name', limit: 100 })
  const kind = (row: FacilityResult) => (row.kind ? words.facilityKind(row.kind) : t('unknown'))
  const columns: Col<FacilityResult>[] = [
    { id: 'name', header: t('facilities.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'kind', header: t('facilities.kind'), text: kind, cell: kind },
    { id: 'provider', header: t('facilities.provider'), text: (row) => row.provider_name, cell: (row) => row.provider_name ?? t('unknown') },
    { id: 'address', header: t('facilities.address'), text: addressOf, cell: addressOf },
    { id: 'district', header: t('facilities.district'), hidden: true, text: (row) => row.district, cell: (row) => row.district ?? '–' },
    { id: 'hours', header: t('facilities.hours'), text: (row) => format.window(row.opens_at, row.closes_at), cell: (row) => <span className="kp-nowrap">{format.window(row.opens_at, row.closes_at)}</span> },
    { id: 'confirmed', header: t('facilities.confirmed'), text: (row) => row.availability.confirmed_on, cell: (row) => format.date(row.availability.confirmed_on) || t('facilities.noFigures') },
  ]
  return (
    <Page title={t('facilities.title')} width="full">
      <div className="kp-dense__acts">
        <ButtonLink small icon="add" to={to('/verwaltung/einrichtungen/neu')}>{t('facilities.add')}</ButtonLink>
        <ButtonLink small kind="secondary" to={to('/verwaltung/import')}>{t('facilities.toImport')}</ButtonLink>
      </div>
      <FilterBar name="facilities" filters={[]} search={t('facilities.search')} />
      <DataTable name="einrichtungen" caption={t('facilities.title')} columns={columns} list={list} rowKey={(row) => row.id} rowTitle={(row) => row.name} onOpen={(row) => void navigate(to(`/verwaltung/einrichtungen/${row.id}`))} filteredBy={namesOf()} empty={{ title: t('facilities.empty'), text: t('facilities.emptyText') }} />
    </Page>
  )
}
