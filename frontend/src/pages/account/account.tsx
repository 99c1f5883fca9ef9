import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Account, Items, Session, SessionListItem } from '../../api/types'
import { homeOf, useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, setLanguage } from '../../i18n'
import { formatDateTime } from '../../lib/dates'
import { looksLikeEmail, useForm } from '../../lib/form'
import { useVersioned } from '../../lib/versioned'
import { Actions, Alert, Button, ButtonLink, Dialog, ErrorState, ErrorSummary, Facts, Page, ProblemView, RadioGroup, Section, Skeleton, TextField } from '../../ui'
import { CopyActions } from '../family/copy-link'
import { EmailField, PasswordField } from './fields'
import { SecondFactor } from './second-factor'

type ProfileValues = { display_name: string; language: string }
const profileOf = (account: Account) => ({ value: { display_name: account.display_name ?? '', language: account.language as string }, version: account.version })

function Profile({ account }: { account: Account }): JSX.Element {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const api = useApi()
  const { languages } = useTenant()
  const { reload } = useSession()
  const [saved, setSaved] = useState(false)
  const form = useVersioned<ProfileValues>({
    start: profileOf(account),
    save: ({ display_name: name, language }, version) => api.patch<Account>('/account', { display_name: name.trim() || null, language }, { version }),
    newest: async () => {
      const now = await api.get<Session>('/session')
      if (!now.account) throw new Error('the session is over')
      return profileOf(now.account)
    },
    labels: { display_name: t('field.name'), language: t('account.language') },
    show: (field, value) => (field === 'language' && isLanguage(value) ? LANGUAGE_NAMES[value] : value),
    onSaved: async () => {
      setSaved(true)
      reload()
      if (isLanguage(form.value.language)) await setLanguage(form.value.language, true)
    },
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    setSaved(false)
    void form.submit()
  }
  const offered = LANGUAGES.filter((language) => languages.includes(language))
  return (
    <form className="kp-form" onSubmit={save} noValidate>
      {form.conflict ?? <ErrorSummary errors={form.summary} problem={form.problem} />}
      <TextField id="display_name" label={t('field.name')} optional autoComplete="name" value={form.value.display_name} onChange={(display_name) => form.set({ display_name })} error={form.errors['display_name']} width="md" />
      {offered.length > 1 && <RadioGroup id="language" label={t('account.language')} hint={t('account.languageHint')} value={form.value.language} onChange={(language) => form.set({ language })} options={offered.map((language) => ({ value: language as string, label: LANGUAGE_NAMES[language] }))} />}
      <Actions>
        <Button type="submit" kind="secondary" busy={form.busy}>{common('action.save')}</Button>
        <span role="status">{saved ? t('account.saved') : ''}</span>
      </Actions>
    </form>
  )
}

function EmailChange({ account }: { account: Account }): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({ email: '', current_password: '' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      ({ email, current_password: password }) => ({ ...(looksLikeEmail(email) ? {} : { email: t('error.email') }), ...(password ? {} : { current_password: t('error.password') }) }),
      ({ email, current_password: password }) => api.post('/account/email', { email: email.trim(), current_password: password }),
    )
    if (done) { setSentTo(form.values.email.trim()); form.replace({ email: '', current_password: '' }) }
  }
  return (
    <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
      <p className="kern-body">{t('account.emailNow', { email: account.email })}</p>
      {sentTo && <Alert tone="success" live title={t('account.emailSent', { email: sentTo })} />}
      <ErrorSummary errors={form.summary} problem={form.problem} />
      <EmailField id="email" label={t('account.emailNew')} value={form.values.email} onChange={(value) => form.set('email', value)} error={form.errors['email']} />
      <PasswordField id="current_password" label={t('field.currentPassword')} value={form.values.current_password} onChange={(value) => form.set('current_password', value)} error={form.errors['current_password']} />
      <Actions><Button type="submit" kind="secondary" busy={form.busy}>{t('account.emailSubmit')}</Button></Actions>
    </form>
  )
}

function PasswordChange(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const refresh = useRefresh()
  const [done, setDone] = useState(false)
  const form = useForm({ old_password: '', new_password: '' }, undefined, { current_password: 'old_password' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const ok = await form.submit(
      ({ old_password: old, new_password: fresh }) => ({ ...(old ? {} : { old_password: t('error.password') }), ...(fresh.length >= 12 ? {} : { new_password: t('error.passwordShort') }) }),
      ({ old_password: old, new_password: fresh }) => api.put('/account/password', { current_password: old, new_password: fresh }),
    )
    if (ok) { setDone(true); form.replace({ old_password: '', new_password: '' }); await refresh('/account/sessions') }
  }
  return (
    <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
      {done && <Alert tone="success" live title={t('account.passwordDone')} />}
      <ErrorSummary errors={form.summary} problem={form.problem} />
      <PasswordField id="old_password" label={t('field.currentPassword')} value={form.values.old_password} onChange={(value) => form.set('old_password', value)} error={form.errors['old_password'] ?? form.errors['current_password']} />
      <PasswordField id="new_password" fresh label={t('field.newPassword')} value={form.values.new_password} onChange={(value) => form.set('new_password', value)} error={form.errors['new_password']} />
      <Actions><Button type="submit" kind="secondary" busy={form.busy}>{t('account.passwordSubmit')}</Button></Actions>
    </form>
  )
}

/** "Chrome auf Android" is enough to tell one's own devices apart. */
function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent) ? 'Edge' : /Firefox\//.test(agent) ? 'Firefox' : /Chrome\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : agent.slice(0, 30)
  const system = /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Windows/.test(agent) ? 'Windows' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : ''
  return [browser, system].filter(Boolean).join(', ')
}

function Sessions(): JSX.Element {
  const { t, i18n } = useTranslation('account')
  const api = useApi()
  const query = useGet<Items<SessionListItem>>('/account/sessions')
  const end = useSend(async (id: string) => { await api.delete(`/account/sessions/${id}`); await query.refetch() })
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={2} />
  return (
    <>
      <ProblemView problem={end.error} />
      <Facts items={query.data.items.map((item) => ({
        id: item.id,
        term: deviceName(item.user_agent),
        value: [item.current ? t('account.thisDevice') : t('account.lastSeen', { time: formatDateTime(item.last_seen_at, i18n.language) }), item.second_factor && t('account.withFactor')].filter(Boolean).join(', '),
        action: item.current ? undefined : <Button kind="tertiary" small busy={end.busy} onClick={() => void end.run(item.id)}>{t('account.endSession')}</Button>,
      }))} />
    </>
  )
}

function CloseAccount({ account }: { account: Account }): JSX.Element {
  const { t } = useTranslation('account')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const { reload, forget } = useSession()
  const [open, setOpen] = useState(false)
  const form = useForm({ close_password: '' }, undefined, { current_password: 'close_password' })
  const close = async () => {
    const done = await form.submit(
      ({ close_password: password }): Record<string, string> => (password ? {} : { close_password: t('error.password') }),
      ({ close_password: password }) => api.post('/account/close', { current_password: password }),
    )
    if (!done) return
    forget()
    reload()
    void navigate(to('/anmelden'), { replace: true, state: { note: 'closed' } })
  }
  return (
    <>
      <p className="kern-body">{t(account.kind === 'staff' ? 'account.closeTextStaff' : 'account.closeText')}</p>
      <Actions><Button kind="secondary" danger icon="delete" onClick={() => setOpen(true)}>{t('account.close')}</Button></Actions>
      <Dialog
        open={open}
        title={t('account.closeTitle')}
        onClose={() => setOpen(false)}
        footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.cancel')}</Button><Button danger busy={form.busy} onClick={() => void close()}>{t('account.closeSubmit')}</Button></>}
      >
        <p className="kern-body">{t('account.closeConsequence')}</p>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <PasswordField id="close_password" label={t('field.currentPassword')} value={form.values.close_password} onChange={(value) => form.set('close_password', value)} error={form.errors['close_password'] ?? form.errors['current_password']} />
      </Dialog>
    </>
  )
}

export default function AccountPage(): JSX.Element | null {
  const { t } = useTranslation('account')
  const { t: mandates } = useTranslation('mandates')
  const { t: privacy } = useTranslation('privacy')
  const to = useTo()
  const { session } = useSession()
  const account = session.account
  if (!account) return null
  const mustSetUp = session.second_factor?.required && !session.second_factor.enabled
  if (mustSetUp) {
    return <Page title={t('factor.required')} lead={t('factor.requiredText')}><SecondFactor /></Page>
  }
  return (
    <Page title={t('account.title')}>
      {account.kind === 'staff' && <Actions><ButtonLink kind="secondary" to={to(homeOf(session))}>{t('account.toWork')}</ButtonLink></Actions>}
      <Section title={t('account.profile')}><Profile key={account.id} account={account} /></Section>
      <Section title={t('account.emailTitle')}><EmailChange account={account} /></Section>
      <Section title={t('account.passwordTitle')}><PasswordChange /></Section>
      <Section title={t('factor.title')}><SecondFactor /></Section>
      <Section title={t('account.sessions')}><Sessions /></Section>
      <Section title={mandates('mine.title')}><p className="kern-body">{mandates('mine.noneText')}</p><Actions><ButtonLink kind="secondary" to={to('/vollmachten')}>{mandates('mine.open')}</ButtonLink></Actions></Section>
      {account.kind === 'staff' && <Section title={privacy('export.title')}><p className="kern-body">{privacy('export.own')}</p><CopyActions of="account" /></Section>}
      <Section title={t('account.closeHeading')}><CloseAccount account={account} /></Section>
    </Page>
  )
}
