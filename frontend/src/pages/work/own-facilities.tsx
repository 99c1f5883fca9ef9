import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { daysBetween, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, Button, EmptyState, ErrorState, Link, ProblemView, Section, Skeleton } from '../../ui'
import { DataTable, Due, useFormat, useUndo, type Col } from '../../staff'

/** The states that are counted; those that need nobody now can be shown, but are not at first. */
const COUNTED = ['received', 'under_review', 'invited', 'waitlisted', 'offered', 'accepted'] as const
const AT_FIRST: readonly string[] = ['received', 'waitlisted', 'offered']

/** Of figures made up for a demonstration nobody confirmed any. */
const confirmedOn = (row: MyFacility): string | null => (row.capacity_is_example ? null : row.capacity_confirmed_on)

/** Figures are confirmed once a month; where there are none, or only such as were made up, there is nothing to confirm. */
const isDue = (row: MyFacility): boolean =>
  row.bookable_now !== null && !row.capacity_is_example && (row.capacity_confirmed_on === null || daysBetween(row.capacity_confirmed_on, today()) > 30)

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
      id: state, header: words.preferenceState(state), numeric: true, hidden: !AT_FIRST.includes(state), text: (row) => row.counts[state],
      cell: (row) => (row.counts[state] > 0 ? <Link to={list(row, state)}>{format.number(row.counts[state])}</Link> : '0'),
    })),
    { id: 'overdue', header: t('queue.overdue'), numeric: true, text: (row) => row.overdue, cell: (row) => (row.overdue > 0 ? <strong className="kp-tone-danger">{row.overdue}</strong> : '0') },
    { id: 'next', header: t('queue.next'), text: (row) => row.next_deadline, cell: (row) => <Due on={row.next_deadline} /> },
    { id: 'free', header: t('queue.bookable'), numeric: true, text: (row) => row.bookable_now, cell: (row) => row.bookable_now ?? t('unknown') },
    {
      id: 'confirmed', header: t('queue.confirmed'), text: confirmedOn,
      cell: (row) => (
        <span className="kp-dense__acts">
          {isDue(row) && <Badge tone="warning" icon="clock">{places('confirmDue')}</Badge>}
          <Link to={to(`/arbeit/kapazitaet/${row.id}`)}>{row.capacity_is_example ? t('queue.example') : format.date(confirmedOn(row)) || t('queue.never')}</Link>
          <Button small kind="tertiary" onClick={() => onConfirm(row)} aria-label={t('queue.confirmFor', { facility: row.name })}>{t('queue.confirm')}</Button>
        </span>
      ),
    },
  ]
}

/** The own facilities with their figures, and whether these are still right. */
export function OwnFacilities(): JSX.Element {
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
    <>
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
    </>
  )
}
