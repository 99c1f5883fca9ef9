import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import type { Session } from '../../api/types'
import { homeOf, useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { looksLikeEmail, useForm } from '../../lib/form'
import { Actions, Alert, Button, ErrorSummary, Link, Page } from '../../ui'
import { EmailField, PasswordField, useMailedToken } from './fields'

/** After a mail was asked for: the same words for known and unknown addresses. */
export function CheckMail({ title, email, children, onAgain }: { title: string; email: string; children: string; onAgain: () => void }): JSX.Element {
  const { t } = useTranslation('account')
  return (
    <Page title={title}>
      <Alert tone="success" live title={t('mail.sentTo', { email })}><p className="kern-body">{children}</p></Alert>
      <p className="kern-body">{t('mail.notThere')}</p>
      <Actions><Button kind="secondary" onClick={onAgain}>{t('mail.again')}</Button></Actions>
    </Page>
  )
}

export function Register(): JSX.Element {
  const { t, i18n } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const tenant = useTenant()
  const [sent, setSent] = useState(false)
  const form = useForm({ email: '', password: '' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      ({ email, password }) => ({
        ...(looksLikeEmail(email) ? {} : { email: t('error.email') }),
        ...(password.length >= 12 ? {} : { password: t('error.passwordShort') }),
      }),
      ({ email, password }) => api.post('/registrations', { email: email.trim(), password, language: i18n.language }),
    )
    if (done) setSent(true)
  }
  if (sent) return <CheckMail title={t('register.checkTitle')} email={form.values.email.trim()} onAgain={() => setSent(false)}>{t('register.checkText')}</CheckMail>
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <EmailField id="email" hint={t('register.emailHint')} value={form.values.email} onChange={(value) => form.set('email', value)} error={form.errors['email']} />
        <PasswordField id="password" fresh value={form.values.password} onChange={(value) => form.set('password', value)} error={form.errors['password']} />
        <p className="kern-body">{t('register.privacy')} <Link to={to('/recht/privacy')}>{t('register.privacyLink')}</Link></p>
        <Actions><Button type="submit" busy={form.busy}>{t('register.submit')}</Button></Actions>
      </form>
      <p className="kern-body">{t('register.have')} <Link to={to('/anmelden')}>{t('register.signIn')}</Link></p>
      {tenant.contact.phone && <p className="kern-body">{t('register.noMail', { office: tenant.office_name, phone: tenant.contact.phone })}</p>}
    </Page>
  )
}

/** The mailed link opens a page with one button: a mail scanner that follows links uses nothing up. */
export function Confirm(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const { enter } = useSession()
  const token = useMailedToken()
  const form = useForm({})
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    await form.submit(() => ({}), async () => {
      const session = await api.post<Session>('/registrations/confirm', { token })
      enter(session)
      void navigate(to(homeOf(session)), { replace: true })
    })
  }
  return (
    <Page title={t('confirm.title')} lead={t('confirm.lead')}>
      <form className="kp-form" onSubmit={(event) => void confirm(event)}>
        <ErrorSummary errors={[]} problem={form.problem} />
        {token
          ? <Actions><Button type="submit" busy={form.busy}>{t('confirm.submit')}</Button></Actions>
          : <Alert tone="warning" title={t('mail.incomplete')} />}
        {form.problem && <p className="kern-body"><Link to={to('/registrieren')}>{t('confirm.again')}</Link></p>}
      </form>
    </Page>
  )
}

export function EmailConfirm(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const { reload } = useSession()
  const token = useMailedToken()
  const [done, setDone] = useState(false)
  const form = useForm({})
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    const ok = await form.submit(() => ({}), () => api.post('/account/email/confirm', { token }))
    if (ok) { setDone(true); reload() }
  }
  if (done) return <Page title={t('emailConfirm.title')}><Alert tone="success" live title={t('emailConfirm.done')}><Link to={to('/konto')}>{t('emailConfirm.toAccount')}</Link></Alert></Page>
  return (
    <Page title={t('emailConfirm.title')} lead={t('emailConfirm.lead')}>
      <form className="kp-form" onSubmit={(event) => void confirm(event)}>
        <ErrorSummary errors={[]} problem={form.problem} />
        {token ? <Actions><Button type="submit" busy={form.busy}>{t('emailConfirm.submit')}</Button></Actions> : <Alert tone="warning" title={t('mail.incomplete')} />}
      </form>
    </Page>
  )
}
