import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useTo } from '../../app/tenant'
import { looksLikeEmail, useForm } from '../../lib/form'
import { Actions, Alert, Button, ErrorSummary, Link, Page } from '../../ui'
import { EmailField, PasswordField, useMailedToken } from './fields'
import { CheckMail } from './register'

export function ForgotPassword(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const [sent, setSent] = useState(false)
  const form = useForm({ email: '' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      ({ email }): Record<string, string> => (looksLikeEmail(email) ? {} : { email: t('error.email') }),
      ({ email }) => api.post('/password-resets', { email: email.trim() }),
    )
    if (done) setSent(true)
  }
  if (sent) return <CheckMail title={t('forgot.checkTitle')} email={form.values.email.trim()} onAgain={() => setSent(false)}>{t('forgot.checkText')}</CheckMail>
  return (
    <Page title={t('forgot.title')} lead={t('forgot.lead')}>
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <EmailField id="email" value={form.values.email} onChange={(value) => form.set('email', value)} error={form.errors['email']} />
        <Actions><Button type="submit" busy={form.busy}>{t('forgot.submit')}</Button></Actions>
      </form>
    </Page>
  )
}

export function NewPassword(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const token = useMailedToken()
  const form = useForm({ password: '' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      ({ password }): Record<string, string> => (password.length >= 12 ? {} : { password: t('error.passwordShort') }),
      ({ password }) => api.post('/password-resets/complete', { token, password }),
    )
    if (done) void navigate(to('/anmelden'), { replace: true, state: { note: 'password' } })
  }
  return (
    <Page title={t('newPassword.title')}>
      {!token && <Alert tone="warning" title={t('mail.incomplete')} />}
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <PasswordField id="password" fresh label={t('field.newPassword')} value={form.values.password} onChange={(value) => form.set('password', value)} error={form.errors['password']} />
        <Actions><Button type="submit" busy={form.busy}>{t('newPassword.submit')}</Button></Actions>
        {form.problem && <p className="kern-body"><Link to={to('/passwort-vergessen')}>{t('newPassword.again')}</Link></p>}
      </form>
    </Page>
  )
}
