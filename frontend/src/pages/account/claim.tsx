import { useEffect, useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClaimedChild } from '../../api/claim-types'
import { useApi } from '../../api/context'
import { useRefresh } from '../../api/hooks'
import { useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { CLAIM_CODE, dropDraft, readDraft, writeDraft } from '../../lib/drafts'
import { useForm } from '../../lib/form'
import { Actions, Alert, Button, ButtonLink, ErrorSummary, Page, TextField } from '../../ui'

function Done({ items }: { items: ClaimedChild[] }): JSX.Element {
  const { t } = useTranslation('claims')
  const to = useTo()
  return (
    <Page title={t('title')}>
      <Alert tone="success" live title={t('done')}><p className="kern-body">{t('doneText')}</p></Alert>
      <p className="kern-body">{t('children')}: <strong>{items.map((child) => child.label).join(', ')}</strong></p>
      <Actions><ButtonLink to={to('/familie')}>{t('toFamily')}</ButtonLink></Actions>
    </Page>
  )
}

/** The code of a letter: what was entered for a family without an account comes into this one. */
export function ClaimPage(): JSX.Element {
  const { t } = useTranslation('claims')
  const api = useApi()
  const to = useTo()
  const refresh = useRefresh()
  const { session } = useSession()
  const [claimed, setClaimed] = useState<ClaimedChild[] | null>(null)
  const form = useForm({ code: readDraft<string>(CLAIM_CODE) ?? '' })
  const code = form.values.code
  // Kept in this tab while somebody signs in or registers.
  useEffect(() => { if (code.trim()) writeDraft(CLAIM_CODE, code) }, [code])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    await form.submit(
      () => ({ ...(code.trim() ? {} : { code: t('needCode') }) }),
      async () => {
        const answer = await api.post<{ children: ClaimedChild[] }>('/family/claim', { code: code.trim() })
        dropDraft(CLAIM_CODE)
        await refresh('/family', '/demands', '/offers', '/contracts')
        setClaimed(answer.children)
      },
    )
  }
  if (claimed) return <Done items={claimed} />
  const wrong = form.problem?.errors.some((fault) => fault.pointer === '/code')
  const errors = wrong ? { code: t('wrong') } : form.errors
  const summary = wrong ? [{ id: 'code', message: t('wrong') }] : form.summary
  const back = encodeURIComponent(to('/code'))
  return (
    <Page title={t('title')} lead={t('lead')}>
      {session.account?.kind === 'staff' && <Alert tone="warning" title={t('staff')} />}
      {session.account?.kind === 'parent' && (
        <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
          <ErrorSummary errors={summary} problem={wrong ? null : form.problem} />
          <TextField id="code" label={t('code')} hint={t('codeHint')} value={code} onChange={(value) => form.set('code', value)} error={errors['code']} autoComplete="off" autoCapitalize="characters" spellCheck={false} width="md" />
          <Actions><Button type="submit" busy={form.busy}>{t('submit')}</Button></Actions>
        </form>
      )}
      {!session.account && (
        <>
          <p className="kern-body">{t('first')}</p>
          <Actions>
            <ButtonLink to={to('/registrieren')}>{t('register')}</ButtonLink>
            <ButtonLink kind="secondary" to={`${to('/anmelden')}?weiter=${back}`}>{t('signIn')}</ButtonLink>
          </Actions>
        </>
      )}
    </Page>
  )
}
