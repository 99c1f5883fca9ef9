import { useEffect, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useRefresh } from '../../api/hooks'
import type { Session } from '../../api/types'
import { homeOf, useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { dropDraft, GUARDIAN_TOKEN, readDraft, writeDraft } from '../../lib/drafts'
import { useForm } from '../../lib/form'
import { Actions, Alert, Button, ButtonLink, ErrorSummary, Page, TextField } from '../../ui'
import { PasswordField, useMailedToken } from './fields'

/** Staff: name and password, then straight to work. */
export function StaffInvitation(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const { enter } = useSession()
  const token = useMailedToken()
  const form = useForm({ display_name: '', password: '' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    await form.submit(
      ({ display_name: name, password }) => ({
        ...(name.trim() ? {} : { display_name: t('error.name') }),
        ...(password.length >= 12 ? {} : { password: t('error.passwordShort') }),
      }),
      async ({ display_name: name, password }) => {
        const session = await api.post<Session>('/invitations/accept', { token, display_name: name.trim(), password })
        // Somebody with a second factor signs in with it; the invitation is accepted all the same.
        if (session.account) enter(session)
        void navigate(session.account ? to(homeOf(session)) : to('/anmelden'), { replace: true })
      },
    )
  }
  return (
    <Page title={t('invitation.title')} lead={t('invitation.lead')}>
      {!token && <Alert tone="warning" title={t('mail.incomplete')} />}
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <TextField id="display_name" label={t('field.name')} hint={t('invitation.nameHint')} autoComplete="name" value={form.values.display_name} onChange={(value) => form.set('display_name', value)} error={form.errors['display_name']} />
        <PasswordField id="password" fresh value={form.values.password} onChange={(value) => form.set('password', value)} error={form.errors['password']} />
        <p className="kern-body">{t('invitation.existing')}</p>
        <Actions><Button type="submit" busy={form.busy}>{t('invitation.submit')}</Button></Actions>
      </form>
    </Page>
  )
}

/** The other parent: signs in or registers first; the token waits in this tab. */
export function GuardianInvitation(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { session } = useSession()
  const mailed = useMailedToken()
  const token = mailed || (readDraft<string>(GUARDIAN_TOKEN) ?? '')
  useEffect(() => { if (mailed) writeDraft(GUARDIAN_TOKEN, mailed) }, [mailed])
  const form = useForm({})
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(() => ({}), () => api.post('/family/guardian-invitations/accept', { token }))
    if (!done) return
    dropDraft(GUARDIAN_TOKEN)
    await refresh('/family', '/demands')
    void navigate(to('/familie'), { replace: true })
  }
  const back = encodeURIComponent(to('/elternteil-einladung'))
  return (
    <Page title={t('guardian.title')} lead={t('guardian.lead')}>
      {!token && <Alert tone="warning" title={t('mail.incomplete')} />}
      {token && session.account?.kind === 'parent' && (
        <form className="kp-form" onSubmit={(event) => void send(event)}>
          <ErrorSummary errors={[]} problem={form.problem} />
          {form.problem?.code === 'family.guardian_missing'
            ? <Actions><ButtonLink to={to('/familie/daten')}>{t('guardian.toData')}</ButtonLink></Actions>
            : <Actions><Button type="submit" busy={form.busy}>{t('guardian.submit')}</Button></Actions>}
        </form>
      )}
      {token && !session.account && (
        <>
          <p className="kern-body">{t('guardian.first')}</p>
          <Actions>
            <ButtonLink to={to('/registrieren')}>{t('guardian.register')}</ButtonLink>
            <ButtonLink kind="secondary" to={`${to('/anmelden')}?weiter=${back}`}>{t('guardian.signIn')}</ButtonLink>
          </Actions>
        </>
      )}
      {token && session.account?.kind === 'staff' && <Alert tone="warning" title={t('guardian.staff')} />}
    </Page>
  )
}
