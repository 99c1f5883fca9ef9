import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { TenantListItem } from '../../api/types'
import { PlainFrame } from '../../app/states'
import { EmptyState, ErrorState, Link, LoadMore, Page, Skeleton, TextField } from '../../ui'

export default function TenantList(): JSX.Element {
  const { t } = useTranslation('public')
  const [filter, setFilter] = useState('')
  const tenants = useList<TenantListItem>('/tenants', { limit: 200 })
  const wanted = filter.trim().toLocaleLowerCase()
  const shown = tenants.items.filter((tenant) => tenant.name.toLocaleLowerCase().includes(wanted))
  return (
    <PlainFrame>
      <Page title={t('tenants.title')} lead={t('tenants.lead')}>
        {tenants.items.length > 8 && <TextField label={t('tenants.filter')} value={filter} onChange={setFilter} optional="filter" type="search" width="md" />}
        {tenants.isPending && <Skeleton blocks={3} lines={1} />}
        {tenants.error && <ErrorState problem={tenants.error} onRetry={() => void tenants.refetch()} />}
        {tenants.isSuccess && shown.length === 0 && <EmptyState title={t('tenants.empty')}>{t('tenants.emptyText')}</EmptyState>}
        {shown.length > 0 && (
          <ul className="kp-tasks">
            {shown.map((tenant) => (
              <li className="kp-task" key={tenant.slug}>
                <div className="kp-task__text"><Link className="kp-task__title" to={`/${tenant.slug}`}>{tenant.name}</Link></div>
              </li>
            ))}
          </ul>
        )}
        {tenants.hasNextPage && <LoadMore shown={shown.length} total={tenants.total} hasMore busy={tenants.isFetchingNextPage} onMore={() => void tenants.fetchNextPage()} />}
      </Page>
    </PlainFrame>
  )
}
