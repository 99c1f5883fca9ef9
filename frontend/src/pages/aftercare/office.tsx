import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useList, useRefresh } from '../../api/hooks'
import type { FollowupDemand, FollowupState } from '../../api/aftercare-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Badge, Button, Link, Page, type IconName, type Tone } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, type Col, type Filter } from '../../staff'
import { useMayWrite } from '../office/rights'
import { FollowupTold } from '../told'

const LOOK: Record<FollowupState, { tone: Tone | 'neutral'; icon: IconName }> = {
  proposed: { tone: 'warning', icon: 'clock' },
  confirmed: { tone: 'success', icon: 'check' },
  declined: { tone: 'neutral', icon: 'x-circle' },
}

const STATES = Object.keys(LOOK) as FollowupState[]

/** Follow-up care that was proposed to families, and what they said. */
export function FollowupDemandsPage(): JSX.Element {
  const { t } = useTranslation('aftercare')
  const { t: staff } = useTranslation('staff')
  const { t: told } = useTranslation('told')
  const { values } = useAddress()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const { offer: say, bar } = useUndo()
  const [answering, setAnswering] = useState<FollowupDemand | null>(null)
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const sorting = useSorting({ by: 'from', direction: 'asc' })
  const facilities = useGet<Items<MyFacility>>('/staff/facilities', undefined, { staleTime: 300_000 })
  const filters: Filter[] = [
    { name: 'state', label: t('office.state'), kind: 'one', options: STATES.map((value) => ({ value, label: t(`office.states.${value}`) })) },
    { name: 'facility_id', label: t('office.facility'), kind: 'one', options: (facilities.data?.items ?? []).map((entry) => ({ value: entry.id, label: entry.name })) },
  ]
  const list = useList<FollowupDemand>('/office/followup-demands', { state: values['state'], facility_id: values['facility_id'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const columns: Col<FollowupDemand>[] = [
    { id: 'child', sort: 'child', header: t('office.child'), fixed: true, text: (row) => row.child, cell: (row) => <span className="kp-nowrap"><Link to={to(`/amt/kinder/${row.child_id}`)}>{words.childLabel(row.child)}</Link></span> },
    { id: 'state', header: t('office.state'), text: (row) => t(`office.states.${row.state}`), cell: (row) => <Badge {...LOOK[row.state]}>{t(`office.states.${row.state}`)}</Badge> },
    { id: 'care', header: t('care'), text: (row) => t(`kind.${row.care_type}`), cell: (row) => t(`kind.${row.care_type}`) },
    { id: 'from', sort: 'from', header: t('office.from'), text: (row) => row.needed_from, cell: (row) => <span className="kp-num">{format.date(row.needed_from)}</span> },
    { id: 'facility', sort: 'facility', header: t('office.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'asked', sort: 'asked', header: t('office.asked'), text: (row) => row.created_at.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.created_at)}</span> },
    { id: 'answered', sort: 'answered', header: t('office.answered'), text: (row) => row.answered_at?.slice(0, 10) ?? null, cell: (row) => (row.answered_at ? <span className="kp-num">{format.date(row.answered_at)}</span> : '–') },
    {
      id: 'demand', header: t('office.demand'),
      cell: (row) => {
        if (row.demand_id) return <Link to={to(`/amt/bedarfe/${row.demand_id}`)}>{t('office.open')}</Link>
        if (row.state !== 'proposed' || row.has_account || !mayWrite) return '–'
        return <Button small kind="tertiary" onClick={() => setAnswering(row)} aria-label={told('actFor', { child: words.childLabel(row.child) })}>{told('act')}</Button>
      },
    },
  ]
  return (
    <Page title={t('office.title')} lead={t('office.lead')} width="full">
      <FilterBar name="followup-demands" filters={filters} search={staff('search.child')} />
      <DataTable name="anschluss" caption={t('office.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} rowTitle={(row) => words.childLabel(row.child)} filteredBy={namesOf(filters)} empty={{ title: t('office.empty'), text: t('office.emptyText') }} />
      {answering && <FollowupTold proposal={answering} onClose={() => setAnswering(null)} onDone={(message) => { say(message); setAnswering(null); void refresh('/office') }} />}
      {bar}
    </Page>
  )
}
