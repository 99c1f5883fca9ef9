import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { formatDate, formatDateTime } from '../../lib/dates'
import { Actions, Alert, ButtonLink, DownloadLink, Page, Section } from '../../ui'
import { useDemand } from './frame'

/** Right after sending: what was received and when, and what happens next. */
export function SentPage(): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const api = useApi()
  const to = useTo()
  const tenant = useTenant()
  const { session } = useSession()
  const { demand, base } = useDemand()
  const count = demand.preferences.length
  return (
    <Page title={t('sent.title')}>
      <Alert tone="success" title={t('sent.received', { time: formatDateTime(demand.submitted_at, i18n.language) })}>
        <p className="kern-body">{t('sent.code')} <strong className="kp-code">{demand.reference_code}</strong></p>
        {demand.legal_claim_asserted_at && <p className="kern-body">{t('sent.claim', { time: formatDateTime(demand.legal_claim_asserted_at, i18n.language) })}</p>}
      </Alert>
      <p className="kern-body">{t('sent.mail', { email: session.account?.email ?? '' })}</p>
      <Actions>
        <DownloadLink href={api.url(`/demands/${demand.id}/receipt.pdf`)}>{t('sent.pdf')}</DownloadLink>
        <ButtonLink kind="secondary" to={base}>{t('sent.toDemand')}</ButtonLink>
      </Actions>
      <Section title={t('sent.next')}>
        <ol className="kern-body kp-list">
          <li>{t('sent.next1', { office: tenant.office_name })}</li>
          <li>{t('sent.next2', { count })}</li>
          <li>{t('sent.next3')}</li>
          {demand.next_step.date && <li>{t('sent.nextDate', { date: formatDate(demand.next_step.date, i18n.language) })}</li>}
          {demand.legal_due_on && <li>{t('status.claimDue', { date: formatDate(demand.legal_due_on, i18n.language) })}</li>}
        </ol>
      </Section>
      <Actions><ButtonLink to={to('/familie')}>{t('sent.toFamily')}</ButtonLink></Actions>
    </Page>
  )
}
