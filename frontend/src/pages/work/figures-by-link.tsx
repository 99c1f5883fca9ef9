import { useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Alert, Button, Link, Page, ProblemText, Skeleton } from '../../ui'

type Figures = { facility_name: string; bookable_now: number | null; confirmed_on: string | null }

/** The link of the monthly mail: the figures, and one button that says that they are right. Opening the page confirms nothing. */
export default function FiguresByLinkPage(): JSX.Element {
  const { t, i18n } = useTranslation('figures')
  const api = useApi()
  const to = useTo()
  const token = useLocation().hash.slice(1)
  const [done, setDone] = useState(false)
  const send = useSend((confirm: boolean) => api.post<Figures>('/capacity-confirmations', { token, confirm }))
  const asked = useRef(false)
  const { run } = send
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    void run(false)
  }, [run])
  const gone = send.error?.status === 410
  const figures = send.result
  return (
    <Page title={figures ? t('titleOf', { facility: figures.facility_name }) : t('title')}>
      {!figures && !send.error && <Skeleton lines={2} />}
      {figures && (
        <>
          <p className="kern-body kern-body--large">{figures.bookable_now === null ? t('unknown') : t('free', { count: figures.bookable_now })}</p>
          {!done && <p className="kern-body">{figures.confirmed_on ? t('since', { date: formatDate(figures.confirmed_on, i18n.language) }) : t('never')}</p>}
          {done
            ? <Alert tone="success" live title={t('done')}><p className="kern-body">{t('doneText')}</p></Alert>
            : <div className="kp-actions"><Button icon="check" busy={send.busy} onClick={() => void run(true).then((answer) => setDone(answer?.ok ?? false))}>{t('confirm')}</Button></div>}
        </>
      )}
      {gone && <Alert tone="warning" live title={t('gone')}><p className="kern-body">{t('goneText')}</p></Alert>}
      {send.error && !gone && <Alert tone="danger" live title={t('failed')}><ProblemText problem={send.error} /><div><Button busy={send.busy} onClick={() => void run(false)}>{t('again')}</Button></div></Alert>}
      <p className="kern-body"><Link to={to('/arbeit/kapazitaet')}>{t('change')}</Link></p>
    </Page>
  )
}
