import { createContext, useCallback, useContext, useEffect, useMemo, useRef, type JSX, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { Navigate, useLocation } from 'react-router'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { useApi } from '../api/context'
import { keyOf, useGet } from '../api/hooks'
import type { Role, Session } from '../api/types'
import { isLanguage, setLanguage, storedLanguage } from '../i18n'
import { clearDrafts, draftsBelongTo } from '../lib/drafts'
import { forgetWishes } from '../lib/wishes'
import { Alert, ErrorState, Skeleton } from '../ui/feedback'
import { Page } from '../ui/page'
import { useAnyUnsaved } from '../lib/unsaved'
import { Button } from '../ui/button'
import { useKeepAlive } from './keep-alive'
import { useTo } from './tenant'

const SIGNED_OUT: Session = { account: null, roles: [], second_factor: null, expires_at: null, acting: null }
type SessionState = {
  session: Session
  ready: boolean
  error: ApiError | null
  reload: () => void
  /** Takes the session a sign-in answered with. */
  enter: (session: Session) => void
  /** Throws away what was typed and chosen in this tab. */
  forget: () => void
  /** Forgets first, then ends the session; throws an ApiError when the server could not be told. */
  signOut: () => Promise<void>
}
const SessionContext = createContext<SessionState | null>(null)

export function useSession(): SessionState {
  const state = useContext(SessionContext)
  if (!state) throw new Error('this page stands below a session')
  return state
}
export const hasRole = (session: Session, roles: readonly Role[]): boolean =>
  session.roles.some((entry) => roles.includes(entry.role))

const PATH = '/session'

function keepOwnDrafts({ account, acting }: Session): void {
  if (draftsBelongTo(account && (acting ? `${account.id}/${acting.mandate_id}` : account.id))) forgetWishes()
}

export function SessionScope({ children }: { children: ReactNode }): JSX.Element {
  const api = useApi()
  const client = useQueryClient()
  const query = useGet<Session>(PATH, undefined, { staleTime: 60_000 })
  const session = query.data ?? SIGNED_OUT
  const language = session.account?.language
  useEffect(() => {
    if (!storedLanguage() && isLanguage(language)) void setLanguage(language)
  }, [language])
  // Before any page below reads a draft: in whose name somebody acts counts as another person.
  if (query.isSuccess) keepOwnDrafts(session)
  const { refetch } = query
  const look = useCallback(() => void refetch(), [refetch])
  useKeepAlive(Boolean(session.account), look)
  const value = useMemo<SessionState>(() => {
    const enter = (next: Session) => {
      // What one person read must not stay for the next one on the same device.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === api.base && queryKey[1] !== '' && queryKey[1] !== PATH })
      keepOwnDrafts(next)
      client.setQueryData(keyOf(api, PATH), next)
    }
    const forget = () => { clearDrafts(); forgetWishes() }
    return {
      session,
      ready: query.isSuccess,
      error: query.error,
      reload: () => void refetch(),
      enter,
      forget,
      signOut: async () => {
        // Whoever hands the phone on must not leave anything behind, even where the server does not answer.
        forget()
        try {
          await api.delete('/session')
        } catch (cause) {
          // A session that has ended already is what was wanted.
          if (!(cause instanceof ApiError) || cause.status !== 401) throw cause
        }
        enter(SIGNED_OUT)
      },
    }
  }, [api, client, session, query.isSuccess, query.error, refetch])
  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>
}

export const STAFF_ROLES = ['facility_manager', 'provider_manager', 'childminder'] as const satisfies readonly Role[]
export const OFFICE_ROLES = ['clerk', 'tenant_admin', 'read_only'] as const satisfies readonly Role[]
export const ADMIN_ROLES = ['tenant_admin'] as const satisfies readonly Role[]
export const PARENT_ROLES = ['parent'] as const satisfies readonly Role[]

/** Where a person begins after signing in. */
export function homeOf(session: Session): string {
  if (session.second_factor?.required && !session.second_factor.enabled) return '/konto'
  if (hasRole(session, STAFF_ROLES)) return '/arbeit'
  // A new municipality's administrator is led through what is missing; when nothing is, that page leads on to the office.
  if (hasRole(session, ADMIN_ROLES)) return '/verwaltung/erste-schritte'
  if (hasRole(session, OFFICE_ROLES)) return '/amt'
  if (session.acting) return '/familie'
  if (hasRole(session, ['counsellor'])) return '/vollmachten'
  return session.account?.kind === 'parent' ? '/familie' : '/konto'
}

/** The session ended while something is typed that is saved nowhere: it stays in its place until somebody is signed in again. */
function Ended({ reload }: { reload: () => void }): JSX.Element {
  const { t } = useTranslation()
  const to = useTo()
  return (
    <Alert tone="warning" live title={t('ended.title')}>
      <p className="kern-body">{t('ended.text')}</p>
      <div className="kp-actions">
        <a className="kern-link" href={to('/anmelden')} target="_blank" rel="noopener">{t('ended.signIn')}</a>
        <Button kind="secondary" small onClick={reload}>{t('ended.again')}</Button>
      </div>
    </Alert>
  )
}

/** Shows a page only to those it is for; others are asked to sign in and come back to it. */
export function Guard({ roles, children }: { roles?: readonly Role[]; children: ReactNode }): JSX.Element {
  const state = useSession()
  const { ready, error, reload } = state
  const unsaved = useAnyUnsaved()
  const last = useRef<Session | null>(null)
  if (state.session.account) last.current = state.session
  const ended = !state.session.account && unsaved ? last.current : null
  const session = ended ?? state.session
  const { t } = useTranslation()
  const to = useTo()
  const location = useLocation()
  if (error) return <ErrorState problem={error} onRetry={reload} />
  if (!ready) return <Skeleton blocks={2} />
  if (!session.account) {
    const back = encodeURIComponent(location.pathname + location.search)
    return <Navigate replace to={`${to('/anmelden')}?weiter=${back}`} />
  }
  const mustSetUp = session.second_factor?.required && !session.second_factor.enabled
  if (mustSetUp && location.pathname !== to('/konto')) return <Navigate replace to={to('/konto')} />
  const parentOnly = roles?.includes('parent') && (session.account.kind === 'parent' || session.acting !== null)
  if (roles && !parentOnly && !hasRole(session, roles)) {
    return <Page title={t('forbidden.title')}><Alert tone="warning" title={t('forbidden.text')} /></Page>
  }
  // The page keeps the rights it was shown with; the server refuses what is sent meanwhile. Another person gets a page of her own.
  return <SessionContext.Provider key={session.account.id} value={{ ...state, session }}>{ended && <Ended reload={reload} />}{children}</SessionContext.Provider>
}
