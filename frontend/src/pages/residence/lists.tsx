import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { GuestLine, MoveLine } from '../../api/residence-types'
import { useTo } from '../../app/tenant'
import { lastDay } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, Link, Page } from '../../ui'
import { DataTable, Due, FilterBar, useAddress, useFormat, useSorting, type Col } from '../../staff'
import { GUEST_LOOK, MOVE_LOOK } from './look'

const LAPSING = { tone: 'warning', icon: 'warning' } as const

/** Guest children with the consent of their home municipalities. */
export function GuestsPage(): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: staff } = useTranslation('staff')
  const { values } = useAddress()
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const sorting = useSorting({ by: 'noted', direction: 'asc' })
  const list = useList<GuestLine>('/office/guests', { state: values['state'], ending: values['ending'], lapsed: values['lapsed'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  // A consent that ends under a contract is no green one, whatever was said at first.
  const stands = (row: GuestLine) => (row.decide_by ? t('lapse.ends') : t(`guest.${row.state}`))
  const columns: Col<GuestLine>[] = [
    { id: 'child', sort: 'child', header: t('child'), fixed: true, text: (row) => row.child, cell: (row) => <Link to={to(`/amt/bedarfe/${row.demand_id}#wohnort`)}>{words.childLabel(row.child)}</Link> },
    { id: 'state', header: t('state'), text: (row) => stands(row), cell: (row) => <Badge {...(row.decide_by ? LAPSING : GUEST_LOOK[row.state])}>{stands(row)}</Badge> },
    { id: 'home', sort: 'home', header: t('home'), text: (row) => row.home_name ?? '', cell: (row) => row.home_name ?? '–' },
    { id: 'asked', sort: 'asked', header: t('askedOn'), text: (row) => row.asked_on, cell: (row) => <span className="kp-num">{format.date(row.asked_on) || '–'}</span> },
    { id: 'until', sort: 'until', header: t('until'), text: (row) => row.valid_until && lastDay(row.valid_until), cell: (row) => <span className="kp-num">{row.state === 'granted' ? (row.valid_until ? format.date(lastDay(row.valid_until)) : t('noEnd')) : '–'}</span> },
    { id: 'decide', sort: 'decide', header: t('lapse.decideBy'), text: (row) => row.decide_by, cell: (row) => (row.decide_by ? <Due on={row.decide_by} /> : '–') },
    { id: 'reference', header: t('reference'), text: (row) => row.reference_code ?? '', cell: (row) => <span className="kp-code">{row.reference_code ?? '–'}</span> },
  ]
  return (
    <Page title={t('guests.title')} lead={t('guests.lead')} width="full">
      <FilterBar name="guests" search={staff('search.case')} filters={[
        { name: 'state', label: t('state'), kind: 'one', options: (['open', 'asked', 'granted', 'refused'] as const).map((value) => ({ value, label: t(`guest.${value}`) })) },
        { name: 'ending', label: t('guests.ending'), kind: 'one', options: [{ value: 'true', label: t('guests.endingYes') }] },
        { name: 'lapsed', label: t('lapse.filter'), kind: 'one', options: [{ value: 'true', label: t('lapse.filterYes') }] },
      ]} />
      <DataTable name="gastkinder" caption={t('guests.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.demand_id} rowTitle={(row) => words.childLabel(row.child)} filteredBy={['q', 'state', 'ending', 'lapsed']} empty={{ title: t('guests.empty'), text: t('guests.emptyText') }} />
    </Page>
  )
}

/** Families who move here and have not proven it yet. */
export function MoversPage(): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: staff } = useTranslation('staff')
  const { values } = useAddress()
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const sorting = useSorting({ by: 'on', direction: 'asc' })
  const list = useList<MoveLine>('/office/movers', { overdue: values['overdue'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const columns: Col<MoveLine>[] = [
    { id: 'child', sort: 'child', header: t('child'), fixed: true, text: (row) => row.child, cell: (row) => <Link to={to(`/amt/bedarfe/${row.demand_id}#wohnort`)}>{words.childLabel(row.child)}</Link> },
    { id: 'state', header: t('state'), text: (row) => t(`move.${row.state}`), cell: (row) => <Badge {...MOVE_LOOK[row.state]}>{t(`move.${row.state}`)}</Badge> },
    { id: 'on', sort: 'on', header: t('moveOn'), text: (row) => row.move_on, cell: (row) => <span className="kp-num">{format.date(row.move_on)}</span> },
    { id: 'city', sort: 'city', header: t('city'), text: (row) => row.city, cell: (row) => row.city },
    { id: 'area', sort: 'area', header: t('area'), text: (row) => row.area ?? '', cell: (row) => row.area ?? '–' },
    { id: 'evidence', header: t('evidence'), text: (row) => row.evidence ?? '', cell: (row) => (row.evidence ? t(`papers.${row.evidence}`) : '–') },
    { id: 'reference', header: t('reference'), text: (row) => row.reference_code ?? '', cell: (row) => <span className="kp-code">{row.reference_code ?? '–'}</span> },
  ]
  return (
    <Page title={t('movers.title')} lead={t('movers.lead')} width="full">
      <FilterBar name="movers" search={staff('search.case')} filters={[{ name: 'overdue', label: t('movers.overdue'), kind: 'one', options: [{ value: 'true', label: t('movers.overdueYes') }] }]} />
      <DataTable name="zuzug" caption={t('movers.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.demand_id} rowTitle={(row) => words.childLabel(row.child)} filteredBy={['q', 'overdue']} empty={{ title: t('movers.empty'), text: t('movers.emptyText') }} />
    </Page>
  )
}
