import { hasRole, useSession } from '../../app/session'

/** Who only reads sees the same pages without the buttons that change something. */
export function useMayWrite(): boolean {
  const { session } = useSession()
  return hasRole(session, ['clerk', 'tenant_admin'])
}
