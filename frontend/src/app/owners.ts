import { useGet } from '../api/hooks'
import type { Items, Provider } from '../api/types'
import { ADMIN_ROLES, hasRole, useSession } from './session'

/** For whom this person may begin rules or words: the municipality and all its providers, or the own providers. */
export function useOwners(): { municipality: boolean; providers: { id: string; name: string }[] } {
  const { session } = useSession()
  const admin = hasRole(session, ADMIN_ROLES)
  const all = useGet<Items<Provider>>('/admin/providers', { limit: 200 }, { enabled: admin })
  const own = session.roles.flatMap((entry) => (entry.role === 'provider_manager' && entry.provider_id ? [{ id: entry.provider_id, name: entry.label }] : []))
  return { municipality: admin, providers: admin ? (all.data?.items ?? []) : own }
}
