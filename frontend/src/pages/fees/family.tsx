import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { MyFee } from '../../api/fee-types'
import { useGet } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Card, DownloadLink, EmptyState, ErrorState, Link, Page, Skeleton } from '../../ui'
import { Amounts } from './amounts'

/** The own notices of parent fees: what is owed when, and the paper with reasons and the way to object. */
export default function MyFeesPage(): JSX.Element {
  const { t, i18n } = useTranslation('fees')
  const { t: family } = useTranslation('family')
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
          <p className="kp-small kp-muted">{t('mine.issued', { number: item.notice.file_number, date: formatDate(item.notice.issued_at?.slice(0, 10), i18n.language) })}</p>
          <Amounts fee={item.notice} />
          {item.notice.note && <p className="kern-body">{item.notice.note}</p>}
        </Card>
      ))}
      {items.length > 0 && <p className="kern-body">{t('mine.later')}</p>}
    </Page>
  )
}
