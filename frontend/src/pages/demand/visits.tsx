import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { Visit } from '../../api/inbox-types'
import type { Items } from '../../api/types'
import { formatTime, formatWeekday } from '../../lib/dates'
import { Card, DownloadLink, ErrorState, Section } from '../../ui'

/** Appointments to get to know facilities, each with its calendar file; nothing at all where there are none. */
export function OwnVisits(): JSX.Element | null {
  const { t, i18n } = useTranslation('visits')
  const api = useApi()
  const { data, error, refetch } = useGet<Items<Visit>>('/visits')
  if (error && !data) return <Section title={t('own')}><ErrorState part problem={error} onRetry={() => void refetch()} /></Section>
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('own')}>
      <ul className="kp-plain-list kp-stack">
        {data.items.map((visit) => (
          <Card as="li" level={3} key={visit.id} title={visit.facility_name}>
            <p className="kern-body"><strong>{t('when', { day: formatWeekday(visit.starts_at, i18n.language), time: formatTime(visit.starts_at, i18n.language) })}</strong><br />{t('lasts', { count: visit.minutes })}, {visit.place}</p>
            <div className="kp-actions"><DownloadLink href={api.url(`/visits/${visit.id}.ics`)}>{t('calendar')}</DownloadLink></div>
          </Card>
        ))}
      </ul>
    </Section>
  )
}
