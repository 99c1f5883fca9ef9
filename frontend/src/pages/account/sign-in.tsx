import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation, useNavigate, useSearchParams } from 'react-router'
import { useApi } from '../../api/context'
import type { Session } from '../../api/types'
import { homeOf, useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { useForm } from '../../lib/form'
import { useWishes } from '../../lib/wishes'
import { Actions, Alert, Button, ErrorSummary, Link, Page } from '../../ui'
import { CodeField, EmailField, PasswordField } from './fields'

/** Only pages of the own tenant are gone back to after signing in. */
function safeBack(wanted: string | null, slug: string): string | null {
  return wanted !== null && (wanted === `/${slug}` || wanted.startsWith(`/${slug}/`)) ? wanted : null
}

export function SignIn(): JSX.Element {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const tenant = useTenant()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const { state } = useLocation() as { state: { note?: 'password' | 'closed' } | null }
  const { session, enter } = useSession()
  const { wishes } = useWishes(tenant.slug)
  const [needsCode, setNeedsCode] = useState(false)
  const form = useForm({ email: '', password: '', code: '' })
  const back = safeBack(search.get('weiter'), tenant.slug)
  if (session.account && !form.busy) return <Navigate replace to={back ?? to(homeOf(session))} />
  const send = async (event: FormEvent) => {
    event.preventDefault()
    await form.submit(
      ({ email, password, code }) => ({
        ...(email.trim() ? {} : { email: t('error.email') }),
        ...(password ? {} : { password: t('error.password') }),
        ...(needsCode && !code.trim() ? { code: t('error.code') } : {}),
      }),
      async ({ email, password, code }) => {
        const next = await api.post<Session>('/session', { email: email.trim(), password, code: needsCode ? code.replace(/\s/g, '') : null })
        enter(next)
        void navigate(back ?? to(homeOf(next)), { replace: true })
      },
    )
  }
  const asked = form.problem?.code === 'identity.second_factor_required'
  if (asked && !needsCode) setNeedsCode(true)
  return (
    <Page title={needsCode ? t('signIn.codeTitle') : t('signIn.title')}>
      {state?.note === 'password' && <Alert tone="success" title={t('signIn.passwordSet')} />}
      {state?.note === 'closed' && <Alert tone="success" title={t('signIn.accountClosed')} />}
      {wishes.length > 0 && !needsCode && <Alert tone="info" title={t('signIn.wishesKept', { count: wishes.length })} />}
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={asked ? null : form.problem} />
        {needsCode
          ? <CodeField id="code" value={form.values.code} onChange={(value) => form.set('code', value)} error={form.errors['code']} autoFocus />
          : (
            <>
              <EmailField id="email" value={form.values.email} onChange={(value) => form.set('email', value)} error={form.errors['email']} autoComplete="username" />
              <PasswordField id="password" value={form.values.password} onChange={(value) => form.set('password', value)} error={form.errors['password']} />
            </>
          )}
        <Actions>
          <Button type="submit" busy={form.busy}>{t('signIn.submit')}</Button>
          {needsCode && <Button kind="tertiary" onClick={() => setNeedsCode(false)}>{common('action.back')}</Button>}
        </Actions>
      </form>
      {!needsCode && (
        <ul className="kp-plain-list kern-body">
          <li><Link to={to('/passwort-vergessen')}>{t('signIn.forgot')}</Link></li>
          <li><Link to={to('/registrieren')}>{t('signIn.register')}</Link></li>
        </ul>
      )}
    </Page>
  )
}
