import { useCallback, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { useGet, useList, useRefresh, useSend } from '../../api/hooks'
import type { Items, MyFacility, StaffPreference } from '../../api/types'
import { useTo } from '../../app/tenant'
import { daysBetween, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, Button, ButtonLink, EmptyState, ErrorState, Link, Page, ProblemView, Section, Skeleton } from '../../ui'
import { DataTable, Due, useAddress, useFormat, useUndo, WithPanel, type Col } from '../../staff'
import { CasePanel } from './case'
import { usePreferenceColumns } from './columns'
import { can, take } from './steps'

const COUNTED = ['received', 'under_review', 'invited', 'waitlisted', 'offered', 'accepted'] as const

/** Figures are confirmed once a month; where there are none, there is nothing to confirm. */
const isDue = (row: MyFacility): boolean =>
  row.bookable_now !== null && (row.capacity_confirmed_on === null || daysBetween(row.capacity_confirmed_on, today()) > 30)

function useFacilityColumns(onConfirm: (facility: MyFacility) => void): Col<MyFacility>[] {
  const { t } = useTranslation('work')
  const { t: places } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const to = useTo()
  const list = (facility: MyFacility, state: string) => `${to('/arbeit/vormerkungen')}?facility_id=${facility.id}&state=${state}`
  return [
    { id: 'name', header: t('col.facility'), fixed: true, cell: (row) => <Link to={to(`/arbeit/vormerkungen`) + `?facility_id=${row.id}`}>{row.name}</Link>, text: (row) => row.name },
    ...COUNTED.map((state): Col<MyFacility> => ({
      id: state, header: words.preferenceState(state), numeric: true, text: (row) => row.counts[state],
      cell: (row) => (row.counts[state] > 0 ? <Link to={list(row, state)}>{format.number(row.counts[state])}</Link> : '0'),
    })),
    { id: 'overdue', header: t('queue.overdue'), numeric: true, text: (row) => row.overdue, cell: (row) => (row.overdue > 0 ? <strong className="kp-tone-danger">{row.overdue}</strong> : '0') },
    { id: 'next', header: t('queue.next'), text: (row) => row.next_deadline, cell: (row) => <Due on={row.next_deadline} /> },
    { id: 'free', header: t('queue.bookable'), numeric: true, text: (row) => row.bookable_now, cell: (row) => row.bookable_now ?? t('unknown') },
    {
      id: 'confirmed', header: t('queue.confirmed'), text: (row) => row.capacity_confirmed_on,
      cell: (row) => (
        <span className="kp-dense__acts">
          {isDue(row) && <Badge tone="warning" icon="clock">{places('confirmDue')}</Badge>}
          <Link to={to(`/arbeit/kapazitaet/${row.id}`)}>{row.capacity_confirmed_on ? format.date(row.capacity_confirmed_on) : t('queue.never')}</Link>
          <Button small kind="tertiary" onClick={() => onConfirm(row)} aria-label={t('queue.confirmFor', { facility: row.name })}>{t('queue.confirm')}</Button>
        </span>
      ),
    },
  ]
}

function Waiting(): JSX.Element {
  const { t } = useTranslation('work')
  const api = useApi()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const words = useWords()
  const to = useTo()
  const all = usePreferenceColumns()
  const list = useList<StaffPreference>('/staff/preferences', { state: 'received,under_review,invited', sort: 'answer_due', direction: 'asc', limit: 25 })
  const review = useSend((row: StaffPreference) => take(api, row, 'review'))
  const openId = values['fall'] ?? null
  const close = useCallback(() => set({ fall: null }), [set])
  const reload = useCallback(() => refresh('/staff'), [refresh])
  const start = async (row: StaffPreference) => {
    const answer = await review.run(row)
    if (answer) await reload()
    if (answer?.ok) offer(t('done.review', { child: words.childLabel(row.child.label) }))
  }
  const wanted = ['child', 'due', 'state', 'points', 'age', 'start', 'hours', 'signs']
  const columns: Col<StaffPreference>[] = [
    ...wanted.flatMap((id) => all.filter((column) => column.id === id)).map(({ sort: _unsorted, ...column }) => column),
    {
      id: 'act', header: t('queue.act'), fixed: true,
      cell: (row) => (
        <span className="kp-dense__acts">
          {can('review', row.state) && <Button small kind="secondary" onClick={() => void start(row)} aria-label={t('queue.reviewFor', { child: words.childLabel(row.child.label) })}>{t('queue.review')}</Button>}
          <Button small kind="tertiary" onClick={() => set({ fall: row.id })} aria-label={t('queue.openFor', { child: words.childLabel(row.child.label) })}>{t('queue.open')}</Button>
        </span>
      ),
    },
  ]
  return (
    <Section title={t('queue.waiting')}>
      <ProblemView problem={review.error} />
      <WithPanel panel={openId && <CasePanel key={openId} id={openId} onClose={close} onChanged={(message, undo) => { offer(message, undo); void reload() }} />}>
        <DataTable
          name="aufgaben"
          caption={t('queue.waiting')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          rowTitle={(row) => words.childLabel(row.child.label)}
          openId={openId}
          onOpen={(row) => set({ fall: row.id })}
          onClose={close}
          empty={{ title: t('queue.nothing'), text: t('queue.nothingText'), action: <ButtonLink kind="secondary" to={to('/arbeit/vormerkungen')}>{t('queue.toList')}</ButtonLink> }}
        />
      </WithPanel>
      {bar}
    </Section>
  )
}

export function QueuePage(): JSX.Element {
  const { t } = useTranslation('work')
  const api = useApi()
  const refresh = useRefresh()
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const { offer, bar } = useUndo()
  const confirm = useSend(async (facility: MyFacility) => {
    const { version } = await api.get<{ version: number }>(`/staff/facilities/${facility.id}/capacity`)
    return api.post(`/staff/facilities/${facility.id}/capacity/confirm`, {}, { version })
  })
  const onConfirm = async (facility: MyFacility) => {
    const answer = await confirm.run(facility)
    if (answer?.ok) { offer(t('queue.confirmedNow', { facility: facility.name })); await refresh('/staff/facilities') }
  }
  const columns = useFacilityColumns((facility) => void onConfirm(facility))
  const list = { items: facilities.data?.items ?? [], total: facilities.data?.items.length ?? null, isPending: facilities.isPending, error: facilities.error as ApiError | null, refetch: facilities.refetch }
  return (
    <Page title={t('queue.title')} width="full">
      <Waiting />
      <Section title={t('queue.facilities')}>
        <ProblemView problem={confirm.error} />
        {facilities.isPending
          ? <Skeleton lines={3} />
          : facilities.error
            ? <ErrorState problem={facilities.error} onRetry={() => void facilities.refetch()} />
            : list.items.length === 0
              ? <EmptyState title={t('queue.noFacility')}>{t('queue.noFacilityText')}</EmptyState>
              : <DataTable name="meine-kitas" caption={t('queue.facilities')} columns={columns} list={list} rowKey={(row) => row.id} empty={{ title: t('queue.noFacility') }} />}
      </Section>
      {bar}
    </Page>
  )
}
