import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { FacilityListTable } from '../../api/inbox-types'
import type { Items, MyFacility } from '../../api/types'
import { toIso, toParts, today } from '../../lib/dates'
import { Link } from 'react-router'
import { useTo } from '../../app/tenant'
import { Button, DateField, DownloadLink, EmptyState, ErrorState, Page, Section, Select, Skeleton } from '../../ui'
import { useAddress } from '../../staff'
import { Guests } from './absences'

const KINDS = ['attendance', 'birthdays', 'contacts', 'pickups', 'allergies'] as const
type Kind = (typeof KINDS)[number]

function ListView({ facility, kind, on }: { facility: string; kind: Kind; on: string }): JSX.Element {
  const { t } = useTranslation('lists')
  const api = useApi()
  const to = useTo()
  const path = `/staff/facilities/${encodeURIComponent(facility)}`
  const query = useGet<FacilityListTable>(`${path}/list`, { kind, on })
  if (query.isPending) return <Skeleton blocks={1} lines={6} />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  const { title, headers, rows, child_ids } = query.data
  const ofSheets = kind === 'pickups' || kind === 'allergies'
  const first = (n: number, cell: string) => (ofSheets ? <Link className="kern-link" to={to(`/arbeit/listen/${facility}/kind/${child_ids[n] ?? ''}`)}>{cell}</Link> : cell)
  return (
    <Section title={title}>
      <div className="kp-actions kp-no-print">
        <DownloadLink small href={api.url(`${path}/list.pdf`, { kind, on })}>{t('pdf')}</DownloadLink>
        <DownloadLink small href={api.url(`${path}/list-file`, { kind, on, format: 'xlsx' })}>{t('xlsx')}</DownloadLink>
        <DownloadLink small href={api.url(`${path}/list-file`, { kind, on, format: 'csv' })}>{t('csv')}</DownloadLink>
        <Button small kind="tertiary" onClick={() => window.print()}>{t('print')}</Button>
      </div>
      {rows.length === 0
        ? <EmptyState title={t(kind === 'allergies' ? 'noAllergies' : 'empty')}>{t(kind === 'allergies' ? 'emptyAllergies' : 'emptyText')}</EmptyState>
        : (
          <div className="kp-dense-box" role="region" tabIndex={0} aria-label={title}>
            <table className="kp-dense">
              <thead><tr>{headers.map((head) => <th scope="col" key={head}>{head}</th>)}</tr></thead>
              <tbody>
                {rows.map((row, n) => <tr key={n}>{row.map((cell, at) => (at === 0 ? <th scope="row" key={at} data-label={headers[at]}>{first(n, cell)}</th> : <td key={at} data-label={headers[at]}>{cell}</td>))}</tr>)}
              </tbody>
            </table>
          </div>
        )}
    </Section>
  )
}

/** Lists of a facility for its day: on the screen, printed, as a file. */
export function ListsPage(): JSX.Element {
  const { t } = useTranslation('lists')
  const { values, set } = useAddress()
  const own = useGet<Items<MyFacility>>('/staff/facilities')
  const facilities = own.data?.items ?? []
  const facility = facilities.find((one) => one.id === values['facility_id'])?.id ?? facilities[0]?.id
  const kind = KINDS.find((name) => name === values['kind']) ?? 'attendance'
  const [day, setDay] = useState(toParts(values['on'] ?? today()))
  const on = toIso(day) ?? today()
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <div className="kp-form__pair kp-no-print">
        {facilities.length > 1 && <Select label={t('facility')} value={facility ?? ''} onChange={(facility_id) => set({ facility_id })} options={facilities.map((one) => ({ value: one.id, label: one.name }))} />}
        <Select label={t('kind')} value={kind} onChange={(value) => set({ kind: value })} options={KINDS.map((value) => ({ value, label: t(`name.${value}`) }))} />
        <DateField label={t('on')} hint={t('onHint')} value={day} onChange={(next) => { setDay(next); const iso = toIso(next); if (iso) set({ on: iso }) }} />
      </div>
      {own.isPending && <Skeleton blocks={1} lines={6} />}
      {own.error && <ErrorState problem={own.error} onRetry={() => void own.refetch()} />}
      {own.data && !facility && <EmptyState title={t('noFacility')} />}
      {facility && <ListView facility={facility} kind={kind} on={on} />}
      {facility && <Guests facility={facility} />}
    </Page>
  )
}
