import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { AgeBand, Capacity, Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Button, ButtonLink, EmptyState, ErrorState, Link, Page, ProblemView, Section, Skeleton } from '../../ui'
import { useFormat, useUndo } from '../../staff'
import { CapacityChart, CapacityLegend, CapacityTable } from './capacity-chart'
import { CapacityForm } from './capacity-form'
import { MonthDays } from './month-days'
import { Presence } from './presence'

/** With one facility there is nothing to choose. */
export function CapacityChoice(): JSX.Element {
  const { t } = useTranslation('work')
  const to = useTo()
  const query = useGet<Items<MyFacility>>('/staff/facilities')
  const items = query.data?.items ?? []
  if (items.length === 1 && items[0]) return <Navigate replace to={to(`/arbeit/kapazitaet/${items[0].id}`)} />
  return (
    <Page title={t('capacity.title')} width="full" lead={t('capacity.choose')}>
      {query.isPending && <Skeleton lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && <EmptyState title={t('queue.noFacility')}>{t('queue.noFacilityText')}</EmptyState>}
      <ul className="kp-figures">
        {items.map((facility) => (
          <li key={facility.id}>
            <Link className="kp-figure" to={to(`/arbeit/kapazitaet/${facility.id}`)}>
              <span className="kp-figure__value">{facility.bookable_now ?? '–'}</span>
              <span className="kp-figure__label">{t('capacity.freeAt', { facility: facility.name })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}

type BandProps = { capacity: Capacity; band: AgeBand; editing: boolean; onEdit: (open: boolean) => void; onSaved: () => void }
function Band({ capacity, band, editing, onEdit, onSaved }: BandProps): JSX.Element {
  const { t } = useTranslation('work')
  const { t: places } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const [table, setTable] = useState(false)
  const entry = capacity.bands.find((candidate) => candidate.age_band === band)
  const figure = entry?.figures.at(-1)
  return (
    <Section title={words.ageBand(band)}>
      {figure?.is_example && <Alert tone="info" title={t('capacity.example')} />}
      {entry && entry.months.length > 0
        ? (
          <>
            <CapacityChart band={band} months={entry.months} />
            {entry.months[0] && entry.months[0].operable < entry.months[0].licensed && (
              <p className="kern-body kp-small">{places(`limit.${entry.months[0].limited_by}`, { operable: entry.months[0].operable, licensed: entry.months[0].licensed })}</p>
            )}
            {figure?.operable_reason && (
              <p className="kern-body kp-small">{t('capacity.reasonShown', { reason: figure.operable_reason, date: format.date(figure.operable_since) || '–' })}</p>
            )}
          </>
        )
        : <p className="kern-body">{t('capacity.noFigures')}</p>}
      <div className="kp-dense__acts">
        {!editing && <Button small kind="secondary" icon="edit" onClick={() => onEdit(true)}>{t('capacity.edit', { band: words.ageBand(band) })}</Button>}
        {entry && entry.months.length > 0 && <Button small kind="tertiary" aria-expanded={table} onClick={() => setTable(!table)}>{table ? t('capacity.hideTable') : t('capacity.showTable')}</Button>}
      </div>
      {table && entry && <CapacityTable band={band} months={entry.months} />}
      {editing && <CapacityForm capacity={capacity} band={band} onSaved={onSaved} onCancel={() => onEdit(false)} />}
    </Section>
  )
}

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']

export function CapacityPage(): JSX.Element {
  const { t } = useTranslation('work')
  const { t: places } = useTranslation('places')
  const to = useTo()
  const { facility = '' } = useParams()
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const [editing, setEditing] = useState<AgeBand | null>(null)
  const path = `/staff/facilities/${facility}/capacity`
  const query = useGet<Capacity>(path)
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const name = facilities.data?.items.find((entry) => entry.id === facility)?.name
  const confirm = useSend((version: number) => api.post<Capacity>(`${path}/confirm`, {}, { version }))
  const capacity = query.data
  const confirmed = capacity?.bands.flatMap((band) => band.figures.map((figure) => (figure.is_example ? null : figure.confirmed_on))).filter((date) => date !== null).sort().at(-1)
  const onConfirm = async () => {
    if (!capacity) return
    const answer = await confirm.run(capacity.version)
    if (answer?.ok) offer(t('capacity.confirmedNow'))
    await refresh('/staff')
  }
  const known = capacity?.bands.map((band) => band.age_band) ?? []
  const others = BANDS.filter((band) => !known.includes(band))
  return (
    <Page title={name ? t('capacity.of', { facility: name }) : t('capacity.title')} width="full">
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {capacity && (
        <>
          <ProblemView problem={confirm.error} />
          <div className="kp-dense__acts">
            <ButtonLink small kind="secondary" icon="document" to={to(`/arbeit/kapazitaet/${facility}/grundlagen`)}>{places('basis.title')}</ButtonLink>
            <ButtonLink small kind="secondary" icon="people" to={to(`/arbeit/gruppen/${facility}`)}>{places('board.title')}</ButtonLink>
            {capacity.presence && <ButtonLink small kind="secondary" icon="clock" to={to(`/arbeit/kapazitaet/${facility}/vertretung`)}>{places('absence.link')}</ButtonLink>}
            <ButtonLink small kind="secondary" icon="calendar" to={`${to('/arbeit/vorschau')}?von=facility:${facility}`}>{places('forecast.title')}</ButtonLink>
          </div>
          <div className="kp-row kp-row--between">
            <CapacityLegend />
            <div className="kp-row">
              <span className="kern-body">{confirmed ? t('capacity.confirmedOn', { date: format.date(confirmed) }) : t('capacity.neverConfirmed')}</span>
              <Button small busy={confirm.busy} icon="check" onClick={() => void onConfirm()}>{t('capacity.confirm')}</Button>
            </div>
          </div>
          {[...known, ...(editing && !known.includes(editing) ? [editing] : [])].map((band) => (
            <Band
              key={band}
              capacity={capacity}
              band={band}
              editing={editing === band}
              onEdit={(open) => setEditing(open ? band : null)}
              onSaved={() => { setEditing(null); offer(t('capacity.saved')); void refresh('/staff') }}
            />
          ))}
          {known.length === 0 && <EmptyState title={t('capacity.noFigures')}>{t('capacity.noFiguresText')}</EmptyState>}
          <div className="kp-dense__acts">
            {others.map((band) => <Button key={band} small kind="tertiary" icon="add" onClick={() => setEditing(band)}>{t('capacity.add', { band: words.ageBand(band) })}</Button>)}
          </div>
          {capacity.presence && known.length > 0 && <Presence presence={capacity.presence} />}
          {known.length > 0 && <MonthDays facility={facility} />}
        </>
      )}
      {bar}
    </Page>
  )
}
