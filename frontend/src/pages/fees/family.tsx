import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { FeeNotice, MyFee } from '../../api/fee-types'
import { useGet } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate, formatWeekday } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Card, DownloadLink, EmptyState, ErrorState, Link, Page, Skeleton } from '../../ui'
import { Amounts } from './amounts'

/** Until when the family can object, or what became of it. */
function Objection({ notice }: { notice: FeeNotice }): JSX.Element | null {
  const { t, i18n } = useTranslation('notices')
  switch (notice.state) {
    case 'issued':
    case 'served':
      return <p className="kern-body"><strong>{t('own.until', { date: formatWeekday(notice.objection_until, i18n.language) })}</strong></p>
    case 'final':
      return <p className="kern-body">{t('own.final')}</p>
    case 'objected':
      return <p className="kern-body">{t('own.objected')}</p>
    case 'decided':
      return <p className="kern-body">{t('own.decided')}</p>
    default:
      return null
  }
}

/** The own notices of parent fees: what is owed when, and the paper with reasons and the way to object. */
export default function MyFeesPage(): JSX.Element {
  const { t, i18n } = useTranslation('fees')
  const { t: family } = useTranslation('family')
  const { t: notices } = useTranslation('notices')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const query = useGet<Items<MyFee>>('/family/fees')
  const items = query.data?.items ?? []
  return (
    <Page title={t('mine.title')} lead={t('mine.lead')} back={{ to: to('/familie'), label: family('home.title') }}>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton blocks={2} lines={4} />}
      {query.isSuccess && items.length === 0 && <EmptyState title={t('mine.empty')} action={<Link to={to('/elternbeitraege')}>{t('mine.tables')}</Link>}>{t('mine.emptyText')}</EmptyState>}
      {items.map((item) => (
        <Card key={item.notice.id} title={t('mine.card', { child: words.childLabel(item.child), facility: item.facility_name })} footer={<DownloadLink href={api.url(`/family/fees/${item.notice.id}/notice.pdf`)}>{t('mine.pdf')}</DownloadLink>}>
          <p className="kp-small kp-muted">{t('mine.issued', { number: item.notice.file_number, date: formatDate(item.notice.notice?.posted_on ?? item.notice.issued_at?.slice(0, 10), i18n.language) })}</p>
          {item.notice.notice?.replaced_by && <p className="kern-body">{notices('own.replaced', { file: item.notice.notice.replaced_by })}</p>}
          {item.notice.notice && <Objection notice={item.notice.notice} />}
          <Amounts fee={item.notice} />
          {item.notice.note && <p className="kern-body">{item.notice.note}</p>}
        </Card>
      ))}
      {items.length > 0 && <p className="kern-body">{t('mine.later')}</p>}
    </Page>
  )
}
