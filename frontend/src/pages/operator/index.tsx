import { useCallback, useState, type JSX } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RouteObject } from 'react-router'
import { rootApi } from '../../api/client'
import { useGet, useSend } from '../../api/hooks'
import { PlainFrame } from '../../app/states'
import { Button, ErrorState, ErrorSummary, Page, ProblemView, Skeleton, TextField } from '../../ui'
import { namedSummary } from '../../staff'
import '../../staff/staff.css'
import { Tenants } from './tenants'

type OperatorSession = { account: { email: string } | null }
const SESSION = '/operator/session'

function SignIn({ onEnter }: { onEnter: (session: OperatorSession) => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const send = useSend(() => rootApi.post<OperatorSession>(SESSION, { email: email.trim(), password }))
  const errors: Record<string, string> = {}
  if (tried && !email.trim()) errors['email'] = t('need')
  if (tried && !password) errors['password'] = t('need')
  const submit = async () => {
    setTried(true)
    if (!email.trim() || !password) return
    const answer = await send.run()
    if (answer?.ok) onEnter(answer.value)
    // The refusal is what is said, not that the field is empty now.
    else { setPassword(''); setTried(false) }
  }
  return (
    <Page title={t('signIn.title')} lead={t('signIn.lead')}>
      <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <ErrorSummary errors={namedSummary(errors, { email: t('signIn.email'), password: t('signIn.password') })} problem={send.error} />
        <TextField id="email" label={t('signIn.email')} type="email" autoComplete="username" value={email} onChange={setEmail} error={errors['email']} />
        <TextField id="password" label={t('signIn.password')} type="password" autoComplete="current-password" value={password} onChange={setPassword} error={errors['password']} />
        <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('signIn.send')}</Button></div>
      </form>
    </Page>
  )
}

function Start(): JSX.Element {
  const { t } = useTranslation('operator')
  const client = useQueryClient()
  const query = useGet<OperatorSession>(SESSION)
  const { refetch } = query
  const onSignedOut = useCallback(() => void refetch(), [refetch])
  const signOut = useSend(async () => {
    await rootApi.delete(SESSION)
    client.removeQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/operator') })
    await refetch()
  })
  if (query.isPending) return <Skeleton blocks={1} lines={4} />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data.account) return <SignIn onEnter={(session) => { client.setQueryData([rootApi.base, SESSION, {}], session) }} />
  return (
    <Page title={t('title')} width="full">
      <div className="kp-row kp-row--between">
        <span className="kern-body">{t('signedInAs', { email: query.data.account.email })}</span>
        <Button small kind="tertiary" icon="logout" busy={signOut.busy} onClick={() => void signOut.run()}>{t('signOut')}</Button>
      </div>
      <ProblemView problem={signOut.error} />
      <Tenants onSignedOut={onSignedOut} />
    </Page>
  )
}

export const routes: RouteObject[] = [{ index: true, element: <PlainFrame><div className="kp-area"><Start /></div></PlainFrame> }]
