import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { AuditChain } from '../../api/types'
import { Alert, Button, ErrorState, Facts, ProblemView, Section, Skeleton } from '../../ui'
import { useFormat } from '../../staff'

function Verdict({ chain }: { chain: AuditChain }): JSX.Element {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const last = chain.checks[0]
  if (!last) return <p className="kern-body">{t('never')}</p>
  const at = format.dateTime(last.at)
  if (!last.fault) return <Alert tone="success" live title={t('whole', { count: last.events })}><p>{t('wholeAt', { at })}</p></Alert>
  const event = last.event_id && last.event_at ? t('brokenAt', { at, event: last.event_id, written: format.dateTime(last.event_at) }) : t('brokenNowhere', { at })
  return <Alert tone="danger" live title={t('broken')}><p><strong>{t(`faults.${last.fault}`)}</strong> {event}</p></Alert>
}

/** Whether the audit is what was written: the latest look at its chain, and a button for another one. */
export function AuditChainPanel(): JSX.Element {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const api = useApi()
  const refresh = useRefresh()
  const chain = useGet<AuditChain>('/admin/audit/chain')
  const send = useSend(() => api.post<AuditChain>('/admin/audit/chain/verify'))
  const data = send.result ?? chain.data
  if (chain.error) return <ErrorState problem={chain.error} onRetry={() => void chain.refetch()} />
  if (!data) return <Skeleton lines={3} />
  return (
    <Section title={t('title')}>
      <p className="kern-body">{t('text')}</p>
      <Verdict chain={data} />
      {data.scheduled && <Alert tone="info" live title={t('scheduled')} />}
      <ProblemView problem={send.error} />
      <div className="kp-actions"><Button kind="secondary" busy={send.busy} onClick={() => void send.run().then(() => refresh('/admin/audit'))}>{t('check')}</Button></div>
      <details>
        <summary className="kp-tool">{t('head')}</summary>
        <p className="kp-small kp-muted">{t('headHint')}</p>
        <Facts
          items={[
            { id: 'head', term: t('head'), value: <code className="kp-seal">{data.head ?? '–'}</code> },
            { id: 'sealed', term: t('sealed'), value: data.sealed },
            { id: 'pending', term: t('pending'), value: data.pending },
            { id: 'deleted', term: t('deleted'), value: data.deleted_until ? format.dateTime(data.deleted_until) : '–' },
          ]}
        />
      </details>
    </Section>
  )
}
