import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { OwnNotice } from '../../api/notice-types'
import type { Items } from '../../api/types'
import { useSession } from '../../app/session'
import { formatDate, formatWeekday } from '../../lib/dates'
import { Card, DownloadLink, ErrorState, Section } from '../../ui'

/** Decisions of the youth office about this demand; nothing at all where there are none. */
export function OwnNotices({ id }: { id: string }): JSX.Element | null {
  const { t, i18n } = useTranslation('notices')
  const api = useApi()
  const { session } = useSession()
  const { data, error, refetch } = useGet<Items<OwnNotice>>(`/demands/${id}/notices`)
  // Who acts for a family is not shown its decisions.
  if (session.acting && error?.status === 404) return null
  if (error && !data) return <Section title={t('own.title')}><ErrorState part problem={error} onRetry={() => void refetch()} /></Section>
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('own.title')}>
      <p className="kern-body">{t('own.text')}</p>
      <ul className="kp-plain-list kp-stack">
        {data.items.map((notice) => (
          <Card as="li" level={3} key={notice.id} title={notice.title}>
            <p className="kern-body">{t('own.posted', { date: formatDate(notice.posted_on, i18n.language), file: notice.file_number })}</p>
            {notice.replaced_by && <p className="kern-body">{t('own.replaced', { file: notice.replaced_by })}</p>}
            {(notice.state === 'issued' || notice.state === 'served') && <p className="kern-body"><strong>{t('own.until', { date: formatWeekday(notice.objection_until, i18n.language) })}</strong></p>}
            {notice.state === 'final' && <p className="kern-body">{t('own.final')}</p>}
            {notice.state === 'objected' && <p className="kern-body">{t('own.objected')}</p>}
            {notice.state === 'decided' && <p className="kern-body">{t('own.decided')}</p>}
            <div className="kp-actions"><DownloadLink href={api.url(`/notices/${notice.id}.pdf`)}>{t('own.pdf')}</DownloadLink></div>
          </Card>
        ))}
      </ul>
    </Section>
  )
}
