import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet } from '../../api/hooks'
import type { Contract } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Actions, Alert, Badge, DownloadLink, ErrorState, Facts, Link, Page, Section, Skeleton } from '../../ui'

export default function ContractPage(): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { contract: id = '' } = useParams()
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const { state } = useLocation() as { state: { fresh?: boolean } | null }
  const query = useGet<Contract>(`/contracts/${encodeURIComponent(id)}`)
  const contract = query.data
  if (query.error?.status === 404) return <NotFound />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!contract) return <Page title={t('contract.loading')}><Skeleton lines={5} /></Page>
  const drafted = contract.state === 'drafted' || contract.state === 'sent'
  return (
    <Page title={t('contract.title', { child: words.childLabel(contract.child.label) })} back={{ to: to('/familie'), label: t('tasks.family') }}>
      {state?.fresh && <Alert tone="success" live title={t('offer.accepted', { facility: contract.facility_name })} />}
      <p className="kp-row"><Badge tone={drafted ? 'info' : 'success'} icon="document">{words.contractState(contract.state)}</Badge></p>
      <Section title={t('contract.what')}>
        <Facts items={[
          { id: 'facility', term: t('offer.facility'), value: <Link to={to(`/kita/${contract.facility_id}`)}>{contract.facility_name}</Link> },
          ...(contract.provider_name ? [{ id: 'provider', term: t('contract.provider'), value: contract.provider_name }] : []),
          { id: 'child', term: t('check.child'), value: words.childLabel(contract.child.label) },
          { id: 'from', term: t('offer.from'), value: formatDate(contract.care_from, i18n.language) },
          ...(contract.care_until ? [{ id: 'until', term: t('offer.until'), value: formatDate(contract.care_until, i18n.language) }] : []),
          { id: 'hours', term: t('field.hours_per_week'), value: t('times.hoursValue', { count: contract.hours_per_week }) },
          ...(contract.window_from && contract.window_to ? [{ id: 'window', term: t('check.window'), value: t('check.windowValue', { from: contract.window_from, to: contract.window_to }) }] : []),
        ]} />
      </Section>
      <Actions><DownloadLink kind="primary" href={api.url(`/contracts/${contract.id}/draft.pdf`)}>{t('contract.pdf')}</DownloadLink></Actions>
      {drafted && (
        <Section title={t('sent.next')}>
          <ol className="kern-body kp-list"><li>{t('contract.next1')}</li><li>{t('contract.next2', { facility: contract.facility_name })}</li><li>{t('contract.next3')}</li></ol>
        </Section>
      )}
      <p className="kern-body"><Link to={to(`/bedarf/${contract.demand_id}`)}>{t('offer.toDemand')}</Link></p>
    </Page>
  )
}
