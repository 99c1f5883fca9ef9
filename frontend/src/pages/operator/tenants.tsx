import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { rootApi } from '../../api/client'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../api/hooks'
import type { OperatorTenant } from '../../api/types'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n'
import { looksLikeEmail } from '../../lib/form'
import { Badge, Button, ErrorSummary, RadioGroup, Section, Select, TextField, useFieldErrors } from '../../ui'
import { DataTable, namedSummary, Panel, useAddress, useFormat, useUndo, WithPanel, type Col } from '../../staff'

const STATES = ['BW', 'BY', 'BE', 'BB', 'HB', 'HH', 'HE', 'MV', 'NI', 'NW', 'RP', 'SL', 'SN', 'ST', 'SH', 'TH'] as const
type StateCode = (typeof STATES)[number]
type New = { slug: string; name: string; ags: string; ars: string; federal_state: StateCode | ''; admin_email: string; language: Language }
const EMPTY: New = { slug: '', name: '', ags: '', ars: '', federal_state: '', admin_email: '', language: 'de' }

function CreateForm({ onDone }: { onDone: (name: string) => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [value, setValue] = useState<New>(EMPTY)
  const [tried, setTried] = useState(false)
  const set = (patch: Partial<New>) => { renew(); setValue((old) => ({ ...old, ...patch })) }
  const send = useSend(() => rootApi.post('/operator/tenants', value, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(value.slug)) own['slug'] = t('create.needSlug')
  if (!value.name.trim()) own['name'] = t('need')
  if (!/^(\d{5}|\d{8})$/.test(value.ags)) own['ags'] = t('create.needAgs')
  if (!/^(\d{5}|\d{12})$/.test(value.ars)) own['ars'] = t('create.needArs')
  if (!value.federal_state) own['federal_state'] = t('need')
  if (!looksLikeEmail(value.admin_email)) own['admin_email'] = t('create.needEmail')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const labels = Object.fromEntries((Object.keys(EMPTY) as (keyof New)[]).map((name) => [name, t(`create.field.${name}`)])) as Record<keyof New, string>
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) onDone(value.name)
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <TextField id="name" label={labels.name} value={value.name} onChange={(name) => set({ name })} error={errors['name']} />
      <TextField id="slug" label={labels.slug} hint={t('create.slugHint')} autoCapitalize="off" value={value.slug} onChange={(slug) => set({ slug })} error={errors['slug']} />
      <TextField id="ags" label={labels.ags} hint={t('create.agsHint')} inputMode="numeric" width="md" value={value.ags} onChange={(ags) => set({ ags })} error={errors['ags']} />
      <TextField id="ars" label={labels.ars} hint={t('create.arsHint')} inputMode="numeric" width="md" value={value.ars} onChange={(ars) => set({ ars })} error={errors['ars']} />
      <Select id="federal_state" label={labels.federal_state} empty={t('choose')} value={value.federal_state} onChange={(federal_state) => set({ federal_state })} options={STATES.map((code) => ({ value: code, label: t(`land.${code}`) }))} error={errors['federal_state']} />
      <TextField id="admin_email" label={labels.admin_email} hint={t('create.emailHint')} type="email" autoComplete="off" value={value.admin_email} onChange={(admin_email) => set({ admin_email })} error={errors['admin_email']} />
      <Select label={labels.language} value={value.language} onChange={(language) => set({ language })} options={LANGUAGES.map((code) => ({ value: code, label: LANGUAGE_NAMES[code] }))} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('create.send')}</Button></div>
    </form>
  )
}

function EditForm({ tenant, onDone }: { tenant: OperatorTenant; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const serverErrors = useFieldErrors()
  const [name, setName] = useState(tenant.name)
  const [host, setHost] = useState(tenant.host ?? '')
  const [state, setState] = useState<'active' | 'suspended'>(tenant.state === 'suspended' ? 'suspended' : 'active')
  const [tried, setTried] = useState(false)
  const send = useSend(() => rootApi.patch(`/operator/tenants/${tenant.slug}`, { name: name.trim(), host: host.trim() || null, state }))
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
      <RadioGroup label={t('edit.state')} value={state} onChange={setState} options={(['active', 'suspended'] as const).map((value) => ({ value, label: t(`state.${value}`), hint: t(`stateHint.${value}`) }))} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('edit.save')}</Button></div>
    </form>
  )
}

/** The municipalities of this installation with counts only; nobody's data. */
export function Tenants(): JSX.Element {
  const { t } = useTranslation('operator')
  const format = useFormat()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const list = useList<OperatorTenant>('/operator/tenants')
  const open = values['fall']
  const current = list.items.find((row) => row.slug === open)
  const close = () => set({ fall: null })
  const done = (message: string) => { offer(message); close(); void refresh('/operator/tenants') }
  const count = (id: 'accounts' | 'facilities' | 'demands_open' | 'jobs_waiting'): Col<OperatorTenant> =>
    ({ id, header: t(`col.${id}`), numeric: true, text: (row) => row[id], cell: (row) => format.number(row[id]) })
  const columns: Col<OperatorTenant>[] = [
    { id: 'name', header: t('col.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'slug', header: t('col.slug'), text: (row) => row.slug, cell: (row) => <code>/{row.slug}</code> },
    { id: 'state', header: t('col.state'), text: (row) => row.state, cell: (row) => <Badge tone={row.state === 'active' ? 'success' : 'warning'} icon={row.state === 'active' ? 'check-circle' : 'pause'}>{row.state === 'active' || row.state === 'suspended' ? t(`state.${row.state}`) : row.state}</Badge> },
    { id: 'host', header: t('edit.host'), text: (row) => row.host, cell: (row) => row.host ?? '–' },
    { id: 'ags', header: 'AGS', hidden: true, text: (row) => row.ags, cell: (row) => row.ags },
    count('accounts'), count('facilities'), count('demands_open'), count('jobs_waiting'),
  ]
  return (
    <>
      <Section title={t('list')}>
        <div><Button small icon="add" onClick={() => set({ fall: 'neu' })}>{t('create.title')}</Button></div>
        <WithPanel
          panel={open && (open === 'neu' || current) && (
            <Panel key={open} title={current?.name ?? t('create.title')} onClose={close}>
              {current ? <EditForm tenant={current} onDone={() => done(t('edit.saved', { name: current.name }))} /> : <CreateForm onDone={(name) => done(t('create.done', { name }))} />}
            </Panel>
          )}
        >
          <DataTable name="kommunen" caption={t('list')} columns={columns} list={list} rowKey={(row) => row.slug} rowTitle={(row) => row.name} openId={open ?? null} onOpen={(row) => set({ fall: row.slug })} onClose={close} empty={{ title: t('empty'), text: t('emptyText') }} />
        </WithPanel>
      </Section>
      {bar}
    </>
  )
}
