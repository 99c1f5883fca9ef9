import { useEffect, useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Alert, Button, Link, Page, ProblemText, Skeleton } from '../../ui'

type Renewed = { reference_code: string | null; until: string | null }

/** The link of a mail: opening the page says that the family still needs the place. What only fetches the page says nothing. */
export default function RenewedPage(): JSX.Element {
  const { t, i18n } = useTranslation('renewal')
  const api = useApi()
  const to = useTo()
  const token = useLocation().hash.slice(1)
  const send = useSend(() => api.post<Renewed>('/renewals', { token }))
  const sent = useRef(false)
  const { run } = send
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    void run()
  }, [run])
  const gone = send.error?.status === 410
  return (
    <Page title={t('title')}>
      {!send.result && !send.error && <Skeleton lines={2} />}
      {send.result && (
        <Alert tone="success" live title={t('done')}>
          <p className="kern-body">{send.result.reference_code && t('code', { code: send.result.reference_code })}</p>
          {send.result.until && <p className="kern-body">{t('until', { date: formatDate(send.result.until, i18n.language) })}</p>}
        </Alert>
      )}
      {gone && <Alert tone="warning" live title={t('gone')}><p className="kern-body">{t('goneText')}</p></Alert>}
      {send.error && !gone && <Alert tone="danger" live title={t('failed')}><ProblemText problem={send.error} /><div><Button busy={send.busy} onClick={() => void run()}>{t('again')}</Button></div></Alert>}
      <p className="kern-body"><Link to={to('/familie')}>{t('account')}</Link></p>
    </Page>
  )
}
