import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { rootApi } from '../../api/client'
import { useSend } from '../../api/hooks'
import type { OperatorTenant } from '../../api/types'
import { Actions, Button, Dialog, ErrorSummary, Facts, Link, ProblemView, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { STATE_NAMES } from './states'

type Change = { name?: string; host?: string | null; state?: 'active' | 'suspended' }
const put = (slug: string, change: Change) => rootApi.patch(`/operator/tenants/${slug}`, change)

function EditForm({ tenant, onDone }: { tenant: OperatorTenant; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const serverErrors = useFieldErrors()
  const [name, setName] = useState(tenant.name)
  const [host, setHost] = useState(tenant.host ?? '')
  const [tried, setTried] = useState(false)
  const send = useSend(() => put(tenant.slug, { name: name.trim(), host: host.trim() || null }))
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried && !name.trim() ? { name: t('need') } : {}) }
  const submit = async () => {
    setTried(true)
    if (!name.trim()) return
    const answer = await send.run()
    if (answer?.ok) onDone()
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { name: t('create.field.name'), host: t('edit.host') })} problem={send.error} />
      <TextField id="name" label={t('create.field.name')} value={name} onChange={setName} error={errors['name']} />
      <TextField id="host" label={t('edit.host')} hint={t('edit.hostHint')} optional autoCapitalize="off" value={host} onChange={setHost} error={errors['host']} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('edit.save')}</Button></div>
    </form>
  )
}

/** Whether its pages are open: closing them is asked once, with what it means, and can be taken back at once. */
function State({ tenant, onDone }: { tenant: OperatorTenant; onDone: (message: string, undo?: () => Promise<void>) => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const { t: common } = useTranslation()
  const [asked, setAsked] = useState(false)
  const active = tenant.state === 'active'
  const send = useSend(() => put(tenant.slug, { state: active ? 'suspended' : 'active' }))
  const run = async () => {
    const answer = await send.run()
    setAsked(false)
    if (!answer?.ok) return
    if (active) onDone(t('state.nowSuspended', { name: tenant.name }), async () => { await put(tenant.slug, { state: 'active' }) })
    else onDone(t('state.nowActive', { name: tenant.name }))
  }
  return (
    <section className="kp-group">
      <h3>{t('edit.state')}</h3>
      <p className="kern-body"><strong>{t(`state.${active ? 'active' : 'suspended'}`)}.</strong> {t(`stateHint.${active ? 'active' : 'suspended'}`)}</p>
      <ProblemView problem={send.error} />
      <Actions>
        {active
          ? <Button small kind="secondary" danger icon="pause" onClick={() => setAsked(true)}>{t('state.suspend')}</Button>
          : <Button small icon="check" busy={send.busy} onClick={() => void run()}>{t('state.activate')}</Button>}
      </Actions>
      <Dialog
        open={asked} title={t('state.ask', { name: tenant.name })} onClose={() => setAsked(false)}
        footer={<><Button kind="secondary" onClick={() => setAsked(false)}>{common('action.cancel')}</Button><Button danger busy={send.busy} onClick={() => void run()}>{t('state.suspend')}</Button></>}
      >
        <p className="kern-body">{t('state.askText', { accounts: tenant.accounts, demands: tenant.demands_open })}</p>
      </Dialog>
    </section>
  )
}

/** How a municipality leaves: on the machine only, by two persons. The page says how and does none of it. */
function Leaving({ tenant }: { tenant: OperatorTenant }): JSX.Element {
  const { t } = useTranslation('operator')
  const folder = `/sicherer/ort/${tenant.slug}`
  return (
    <details className="kp-group">
      <summary className="kp-tool">{t('leave.title')}</summary>
      <p className="kern-body">{t('leave.text')}</p>
      <ol className="kp-list">
        <li>{t('leave.suspend')}{tenant.state === 'suspended' && <> <strong>{t('leave.done')}</strong></>}</li>
        <li>{t('leave.export')}<pre className="kp-seal kp-seal--command">kitaplatz tenant export --tenant {tenant.slug} --to {folder}</pre></li>
        <li>{t('leave.destroy')}<pre className="kp-seal kp-seal--command">kitaplatz tenant destroy --tenant {tenant.slug} --manifest {folder}/manifest.json --email …</pre></li>
      </ol>
    </details>
  )
}

/** One municipality: its figures, its name and host, whether it is open, and how it leaves. */
export function TenantPanel({ tenant, onDone }: { tenant: OperatorTenant; onDone: (message: string, undo?: () => Promise<void>) => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const format = useFormat()
  return (
    <>
      <Facts
        items={[
          { id: 'slug', term: t('col.slug'), value: tenant.state === 'active' ? <Link to={`/${tenant.slug}`}>/{tenant.slug}</Link> : `/${tenant.slug}` },
          { id: 'ags', term: 'AGS', value: `${tenant.ags} (${STATE_NAMES.includes(tenant.federal_state) ? t(`land.${tenant.federal_state as 'SN'}`) : tenant.federal_state})` },
          ...(['accounts', 'facilities', 'demands_open', 'jobs_waiting'] as const).map((id) => ({ id, term: t(`col.${id}`), value: format.number(tenant[id]) })),
        ]}
      />
      <EditForm tenant={tenant} onDone={() => onDone(t('edit.saved', { name: tenant.name }))} />
      <State tenant={tenant} onDone={onDone} />
      <Leaving tenant={tenant} />
    </>
  )
}
