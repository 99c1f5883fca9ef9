import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { LegalKind, LegalPage } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTenant } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Markdown } from '../../lib/markdown'
import { Alert, ErrorState, ExternalLink, Page, Skeleton } from '../../ui'

const KINDS: readonly string[] = ['imprint', 'privacy', 'accessibility', 'plain_language']
const isKind = (kind: string): kind is LegalKind => KINDS.includes(kind)

function LegalText({ kind }: { kind: LegalKind }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const { t: common } = useTranslation()
  const tenant = useTenant()
  const query = useGet<LegalPage>(`/legal/${kind}`, { language: i18n.language })
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
      <div lang={page.language}><Markdown text={page.body} /></div>
      <p className="kp-small kp-muted">{t('legalPage.updated', { date: formatDate(page.updated_at, i18n.language) })}</p>
    </Page>
  )
}

export default function Legal(): JSX.Element {
  const { kind = '' } = useParams()
  return isKind(kind) ? <LegalText key={kind} kind={kind} /> : <NotFound />
}
