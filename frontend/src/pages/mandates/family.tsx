import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Mandate, NewMandate } from '../../api/mandate-types'
import type { Family, Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { addMonths, toIso, toParts, today } from '../../lib/dates'
import { looksLikeEmail, useForm } from '../../lib/form'
import { Actions, Alert, Button, ErrorState, ErrorSummary, Page, ProblemView, Section, Skeleton } from '../../ui'
import { useChildName } from '../family/child-name'
import { MandateCard, MandateFields, type Draft } from './parts'

function Give({ family }: { family: Family }): JSX.Element {
  const { t } = useTranslation('mandates')
  const api = useApi()
  const refresh = useRefresh()
  const nameOf = useChildName()
  const { key, renew } = useIdempotencyKey()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const empty: Draft = { name: '', email: '', scope: '', until: toParts(addMonths(today(), 12)), child_ids: family.children.length === 1 ? family.children.map((child) => child.id) : [] }
  const form = useForm(empty)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const { name, email, scope, until, child_ids } = form.values
    const valid_until = toIso(until)
    const done = await form.submit(
      () => ({
        ...(name.trim() ? {} : { name: t('needName') }),
        ...(looksLikeEmail(email) ? {} : { email: t('needEmail') }),
        ...(scope ? {} : { may_act: t('needScope') }),
        ...(child_ids.length > 0 ? {} : { child_ids: t('needChild') }),
        ...(valid_until ? {} : { valid_until: t('needUntil') }),
      }) as Record<string, string>,
      () => api.post('/family/mandates', { name: name.trim(), email: email.trim(), may_act: scope === 'act', valid_until, child_ids } as NewMandate, { idempotencyKey: key() }),
    )
    if (!done) return
    renew()
    setSentTo(email.trim())
    form.replace(empty)
    await refresh('/family/mandates')
  }
  return (
    <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
      {sentTo && <Alert tone="success" live title={t('sent', { email: sentTo })} />}
      <ErrorSummary errors={form.summary} problem={form.problem} />
      <MandateFields values={form.values} errors={form.errors} options={family.children.map((child) => ({ id: child.id, label: nameOf(child) }))} onChange={(patch) => { for (const [field, value] of Object.entries(patch)) form.set(field as keyof Draft, value as never) }} />
      <Actions><Button type="submit" busy={form.busy}>{t('give')}</Button></Actions>
    </form>
  )
}

/** The mandates that a family gave: who helps, how far, until when; ended with one click. */
export default function FamilyMandatesPage(): JSX.Element {
  const { t } = useTranslation('mandates')
  const { t: texts } = useTranslation('family')
  const to = useTo()
  const api = useApi()
  const refresh = useRefresh()
  const family = useGet<Family>('/family')
  const list = useGet<Items<Mandate>>('/family/mandates')
  const end = useSend(async (id: string) => { await api.delete(`/family/mandates/${id}`); await refresh('/family/mandates') })
  const failed = family.error ?? list.error
  const items = list.data?.items ?? []
  return (
    <Page title={t('title')} lead={t('lead')} back={{ to: to('/familie'), label: texts('home.title') }}>
      {failed && <ErrorState problem={failed} onRetry={() => { void family.refetch(); void list.refetch() }} />}
      {!failed && (!family.data || !list.data) && <Skeleton blocks={2} lines={4} />}
      <ProblemView problem={end.error} />
      {list.data && items.length === 0 && <p className="kern-body">{t('none')}</p>}
      <ul className="kp-cards">
        {items.map((mandate) => (
          <MandateCard seenBy="family" key={mandate.id} mandate={mandate} title={mandate.name}>
            {(mandate.state === 'active' || mandate.state === 'offered') && <Actions><Button kind="secondary" danger busy={end.busy} onClick={() => void end.run(mandate.id)}>{t('end')}</Button></Actions>}
          </MandateCard>
        ))}
      </ul>
      {family.data && list.data && (
        <Section title={t('giveTitle')}>
          <p className="kern-body">{t('giveText')}</p>
          {family.data.guardian && family.data.children.length > 0 ? <Give family={family.data} /> : <p className="kern-body">{t('firstChild')}</p>}
        </Section>
      )}
    </Page>
  )
}
