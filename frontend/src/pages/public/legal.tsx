import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { LegalKind, LegalPage } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTenant, useTo } from '../../app/tenant'
import { formatDate, formatDateTime } from '../../lib/dates'
import { Markdown } from '../../lib/markdown'
import { Alert, ErrorState, ExternalLink, Page, Skeleton } from '../../ui'

const KINDS: readonly string[] = ['imprint', 'privacy', 'accessibility', 'plain_language']
const isKind = (kind: string): kind is LegalKind => KINDS.includes(kind)

function LegalText({ kind }: { kind: LegalKind }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const { t: common } = useTranslation()
  const tenant = useTenant()
  const to = useTo()
  const edition = useSearchParams()[0].get('fassung')
  const query = useGet<LegalPage>(`/legal/${kind}`, { language: i18n.language, ...(edition ? { edition } : {}) })
  const page = query.data
  if (query.error?.status === 404) {
    return (
      <Page title={common(`legal.${kind}`)}>
        <Alert tone="info" title={t('legalPage.missing')}>
          <p className="kern-body kp-lines">{t('legalPage.missingText', { office: tenant.office_name, address: tenant.contact.address })}</p>
          {tenant.contact.email && <ExternalLink href={`mailto:${tenant.contact.email}`}>{tenant.contact.email}</ExternalLink>}
        </Alert>
      </Page>
    )
  }
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!page) return <Page title={common(`legal.${kind}`)}><Skeleton lines={8} /></Page>
  return (
    <Page title={page.title}>
      {edition && <Alert tone="warning" title={t('legalPage.isEarlier')}><Link to={to(`/recht/${kind}`)}>{t('legalPage.toCurrent')}</Link></Alert>}
      <div lang={page.language}><Markdown text={page.body} /></div>
      <p className="kp-small kp-muted">{t('legalPage.updated', { date: formatDate(page.updated_at, i18n.language) })}</p>
      {page.earlier.length > 0 && (
        <section className="kp-section">
          <h2 className="kern-heading-medium">{t('legalPage.earlier')}</h2>
          <ul className="kp-list">
            {page.earlier.map(({ number, since }) => (
              <li key={number}><Link to={to(`/recht/${kind}?fassung=${number}`)} aria-current={edition === String(number) ? 'page' : undefined}>{since ? t('legalPage.edition', { date: formatDateTime(since, i18n.language) }) : t('legalPage.editionOf', { number })}</Link></li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  )
}

export default function Legal(): JSX.Element {
  const { kind = '' } = useParams()
  return isKind(kind) ? <LegalText key={kind} kind={kind} /> : <NotFound />
}
