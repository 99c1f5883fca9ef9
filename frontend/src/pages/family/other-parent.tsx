import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Family } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { looksLikeEmail, useForm } from '../../lib/form'
import { Actions, Alert, Button, Checkbox, ErrorSummary, Facts, Fieldset, ProblemView, Section, TextField } from '../../ui'
import { useChildName } from './child-name'

function Invite({ family }: { family: Family }): JSX.Element {
  const { t } = useTranslation('family')
  const api = useApi()
  const refresh = useRefresh()
  const nameOf = useChildName()
  const { key, renew } = useIdempotencyKey()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const form = useForm({ email: '', child_ids: family.children.map((child) => child.id) })
  const { email, child_ids: chosen } = form.values
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      () => ({ ...(looksLikeEmail(email) ? {} : { email: t('other.errorEmail') }), ...(chosen.length > 0 ? {} : { child_ids: t('other.errorChild') }) }),
      () => api.post('/family/guardian-invitations', { email: email.trim(), child_ids: chosen }, { idempotencyKey: key() }),
    )
    if (!done) return
    renew()
    setSentTo(email.trim())
    form.replace({ email: '', child_ids: chosen })
    await refresh('/family')
  }
  const toggle = (id: string, on: boolean) => form.set('child_ids', on ? [...chosen, id] : chosen.filter((other) => other !== id))
  return (
    <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
      {sentTo && <Alert tone="success" live title={t('other.sent', { email: sentTo })} />}
      <ErrorSummary errors={form.summary} problem={form.problem} />
      <TextField id="email" label={t('other.email')} type="email" autoComplete="off" value={email} onChange={(value) => form.set('email', value)} error={form.errors['email']} width="md" />
      <Fieldset id="child_ids" label={t('other.children')} error={form.errors['child_ids']}>
        {family.children.map((child) => <Checkbox key={child.id} label={nameOf(child)} checked={chosen.includes(child.id)} onChange={(on) => toggle(child.id, on)} />)}
      </Fieldset>
      <Actions><Button type="submit" kind="secondary" busy={form.busy}>{t('other.submit')}</Button></Actions>
    </form>
  )
}

/** Two parents with custody see the same demand: the second one is invited by mail. */
export function OtherParent({ family }: { family: Family }): JSX.Element | null {
  const { t, i18n } = useTranslation('family')
  const api = useApi()
  const refresh = useRefresh()
  const nameOf = useChildName()
  const revoke = useSend(async (id: string) => { await api.delete(`/family/guardian-invitations/${id}`); await refresh('/family') })
  if (!family.guardian || family.children.length === 0) return null
  const childrenOf = (ids: string[]) => family.children.filter((child) => ids.includes(child.id)).map(nameOf).join(', ')
  return (
    <Section title={t('other.title')}>
      <p className="kern-body">{t('other.text')}</p>
      <ProblemView problem={revoke.error} />
      {(family.other_guardians.length > 0 || family.invitations.length > 0) && (
        <Facts items={[
          ...family.other_guardians.map((person) => ({ id: person.id, term: `${person.first_name} ${person.last_name}`, value: t('other.sees', { children: childrenOf(person.child_ids) }) })),
          ...family.invitations.map((invitation) => ({
            id: invitation.id,
            term: invitation.email,
            value: t('other.open', { date: formatDate(invitation.expires_at, i18n.language) }),
            action: <Button kind="tertiary" small busy={revoke.busy} onClick={() => void revoke.run(invitation.id)}>{t('other.revoke')}</Button>,
          })),
        ]} />
      )}
      <Invite family={family} />
    </Section>
  )
}
