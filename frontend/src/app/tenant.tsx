import { createContext, useContext, useEffect, useMemo, type JSX, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ApiContext } from '../api/context'
import { ApiError, tenantApi } from '../api/client'
import type { Tenant } from '../api/types'
import { setLanguage, storedLanguage } from '../i18n'
import { applyTenantColor } from '../lib/color'
import { ErrorState, Skeleton } from '../ui/feedback'
import { Page } from '../ui/page'
import { useProblemText } from '../ui/problem'
import { NotFound, PlainFrame } from './states'

export const TenantContext = createContext<Tenant | null>(null)

/** The municipality whose pages are shown. */
export function useTenant(): Tenant {
  const tenant = useContext(TenantContext)
  if (!tenant) throw new Error('this page stands below a tenant')
  return tenant
}
export const useTenantName = (): string => useContext(TenantContext)?.name ?? ''
/** A path of the tenant's pages: `to('/suche')` → "/leipzig/suche" */
export function useTo(): (path: string) => string {
  const { slug } = useTenant()
  return (path) => (path === '/' ? `/${slug}` : `/${slug}${path}`)
}

/** A municipality that was taken off for a while; its name is not told. */
function Suspended({ problem }: { problem: ApiError }): JSX.Element {
  const { t } = useTranslation()
  const text = useProblemText()
  return <Page title={t('suspended.title')}><p className="kern-body">{text(problem)}</p></Page>
}

export function TenantScope({ children }: { children: ReactNode }): JSX.Element {
  const { tenant: slug = '' } = useParams()
  const { i18n } = useTranslation()
  const api = useMemo(() => tenantApi(slug), [slug])
  const query = useQuery<Tenant, ApiError>({
    queryKey: [api.base, '', {}],
    queryFn: ({ signal }) => api.get<Tenant>('', undefined, signal),
    staleTime: 300_000,
  })
  const tenant = query.data
  useEffect(() => {
    applyTenantColor(tenant?.primary_color ?? null)
    return () => applyTenantColor(null)
  }, [tenant?.primary_color])
  useEffect(() => {
    if (tenant && !storedLanguage() && !tenant.languages.includes(i18n.language)) void setLanguage(tenant.default_language)
  }, [tenant, i18n.language])
  if (query.error?.code === 'tenant.suspended') return <PlainFrame><Suspended problem={query.error} /></PlainFrame>
  if (query.error?.status === 404) return <PlainFrame><NotFound /></PlainFrame>
  if (query.error && !tenant) return <PlainFrame><ErrorState problem={query.error} onRetry={() => void query.refetch()} /></PlainFrame>
  if (!tenant) return <PlainFrame><Skeleton blocks={2} lines={4} /></PlainFrame>
  return (
    <ApiContext.Provider value={api}>
      <TenantContext.Provider value={tenant}>{children}</TenantContext.Provider>
    </ApiContext.Provider>
  )
}
