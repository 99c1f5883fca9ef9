import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Holidays } from '../../api/setup-types'
import { formatWeekday, today } from '../../lib/dates'
import { Actions, Button, ErrorState, Icon, ProblemView, Skeleton } from '../../ui'

function Year({ year, onClosed }: { year: number; onClosed: (message: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation('setup')
  const api = useApi()
  const refresh = useRefresh()
  const list = useGet<Holidays>('/admin/holidays', { year })
  const close = useSend(() => api.put<Holidays>('/admin/holidays', { year }))
  if (list.error) return <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return <Skeleton lines={3} />
  const whole = list.data.items.filter((item) => !item.in_parts)
  const missing = whole.filter((item) => !item.closed)
  const parts = list.data.items.filter((item) => item.in_parts && !item.closed)
  const run = async () => {
    const answer = await close.run()
    if (!answer?.ok) return
    await refresh('/admin/holidays', '/admin/closing-days', '/admin/setup')
    onClosed(t('holidays.added', { count: missing.length, year: String(year) }))
  }
  return (
    <div className="kp-stack kp-stack--small">
      <ProblemView problem={close.error} />
      {missing.length === 0
        ? <p className="kern-body"><Icon name="check-circle" size={18} /> {t('holidays.all', { year: String(year) })}</p>
        : <Actions><Button kind="secondary" icon="calendar" busy={close.busy} onClick={() => void run()}>{t('holidays.add', { count: missing.length, year: String(year) })}</Button></Actions>}
      <details>
        <summary className="kp-tool">{t('holidays.which', { year: String(year) })}</summary>
        <ul>
          {whole.map((item) => <li key={item.day}>{formatWeekday(item.day, i18n.language)}: {item.name}</li>)}
          {parts.map((item) => <li key={item.day}>{formatWeekday(item.day, i18n.language)}: {item.name} – {t('holidays.inParts')}</li>)}
        </ul>
      </details>
    </div>
  )
}

/** The public holidays of the municipality's state, put in by one click a year. */
export function HolidayButtons({ onClosed }: { onClosed: (message: string) => void }): JSX.Element {
  const year = Number(today().slice(0, 4))
  return <div className="kp-stack">{[year, year + 1].map((one) => <Year key={one} year={one} onClosed={onClosed} />)}</div>
}
