import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../api/hooks'
import type { ApiKey, ApiKeyScope, ApiKeyState, CreatedApiKey } from '../../api/types'
import { Alert, Badge, Button, Checkbox, Dialog, ErrorSummary, Fieldset, Page, ProblemView, Section, TextField, useFieldErrors } from '../../ui'
import { DataTable, FilterBar, namedSummary, namesOf, useAddress, useFormat, useSorting, useUndo, type Col, type Filter } from '../../staff'

const SCOPES: ApiKeyScope[] = ['facilities_read', 'facilities_write', 'demands_read']
const STATES: ApiKeyState[] = ['active', 'expired', 'revoked']

function NewKey({ onCreated }: { onCreated: (key: CreatedApiKey) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<ApiKeyScope[]>([])
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post<CreatedApiKey>('/admin/api-keys', { name: name.trim(), scopes }, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!name.trim()) own['name'] = t('need')
  if (scopes.length === 0) own['scopes'] = t('keys.needScope')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { renew(); setName(''); setScopes([]); setTried(false); onCreated(answer.value) }
  }
  return (
    <form className="kp-form kp-page--text" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { name: t('keys.name'), scopes: t('keys.scopes') })} problem={send.error} />
      <TextField id="name" label={t('keys.name')} hint={t('keys.nameHint')} maxLength={100} value={name} onChange={(value) => { renew(); setName(value) }} error={errors['name']} />
      <Fieldset id="scopes" label={t('keys.scopes')} error={errors['scopes'] ?? null}>
        {SCOPES.map((scope) => <Checkbox key={scope} label={t(`keys.scope.${scope}`)} checked={scopes.includes(scope)} onChange={(checked) => { renew(); setScopes(checked ? [...scopes, scope] : scopes.filter((entry) => entry !== scope)) }} />)}
      </Fieldset>
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('keys.create')}</Button></div>
    </form>
  )
}

export function ApiKeysPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: common } = useTranslation()
  const api = useApi()
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const [created, setCreated] = useState<CreatedApiKey | null>(null)
  const [ending, setEnding] = useState<ApiKey | null>(null)
  const { values } = useAddress()
  const sorting = useSorting({ by: 'created', direction: 'desc' })
  const filters: Filter[] = [{ name: 'state', label: t('keys.state'), kind: 'one', options: STATES.map((value) => ({ value, label: t(`keys.stateOf.${value}`) })) }]
  const list = useList<ApiKey>('/admin/api-keys', { q: values['q'], state: values['state'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const revoke = useSend((id: string) => api.delete(`/admin/api-keys/${id}`))
  const onRevoke = async () => {
    if (!ending) return
    const answer = await revoke.run(ending.id)
    if (answer?.ok) { offer(t('keys.revoked', { name: ending.name })); setEnding(null); await refresh('/admin/api-keys') }
  }
  const columns: Col<ApiKey>[] = [
    { id: 'name', sort: 'name', header: t('keys.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'expires', sort: 'expires', header: t('keys.expires'), text: (row) => row.expires_at, cell: (row) => format.date(row.expires_at?.slice(0, 10)) || '–' },
    { id: 'prefix', header: t('keys.prefix'), text: (row) => row.prefix, cell: (row) => <code>{row.prefix}…</code> },
    { id: 'scopes', header: t('keys.scopes'), text: (row) => row.scopes.join(' '), cell: (row) => row.scopes.map((scope) => t(`keys.scope.${scope}`)).join(', ') },
    { id: 'created', sort: 'created', header: t('keys.createdOn'), text: (row) => row.created_at, cell: (row) => format.date(row.created_at) },
    { id: 'used', sort: 'used', header: t('keys.used'), text: (row) => row.last_used_at, cell: (row) => (row.last_used_at ? format.dateTime(row.last_used_at) : t('never')) },
    { id: 'state', sort: 'state', header: t('keys.state'), text: (row) => t(`keys.stateOf.${row.state}`), cell: (row) => <Badge tone={row.state === 'active' ? 'success' : 'neutral'} icon={row.state === 'active' ? 'check-circle' : row.state === 'expired' ? 'clock' : 'x-circle'}>{t(`keys.stateOf.${row.state}`)}</Badge> },
    { id: 'act', header: t('action'), fixed: true, cell: (row) => !row.revoked_at && <Button small kind="tertiary" danger onClick={() => setEnding(row)} aria-label={t('keys.revokeFor', { name: row.name })}>{t('keys.revoke')}</Button> },
  ]
  return (
    <Page title={t('keys.title')} lead={t('keys.lead')} width="full">
      {created && (
        <Alert tone="success" live title={t('keys.created', { name: created.name })}>
          <p className="kern-body">{t('keys.once')}</p>
          {created.key && <p className="kp-secret">{created.key}</p>}
          <div className="kp-actions">
            {created.key && <Button small kind="secondary" icon="copy" onClick={() => void navigator.clipboard.writeText(created.key).then(() => offer(t('keys.copied')))}>{t('keys.copy')}</Button>}
            <Button small kind="tertiary" onClick={() => setCreated(null)}>{t('keys.hide')}</Button>
          </div>
        </Alert>
      )}
      <FilterBar name="api-schluessel" filters={filters} search={t('keys.name')} />
      <DataTable name="api-schluessel" caption={t('keys.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} filteredBy={namesOf(filters)} empty={{ title: t('keys.empty'), text: t('keys.emptyText') }} />
      <Section title={t('keys.create')}><NewKey onCreated={(key) => { setCreated(key); window.scrollTo(0, 0); void refresh('/admin/api-keys') }} /></Section>
      <Dialog open={ending !== null} title={t('keys.revoke')} onClose={() => setEnding(null)} footer={<><Button danger busy={revoke.busy} onClick={() => void onRevoke()}>{t('keys.revoke')}</Button><Button kind="secondary" onClick={() => setEnding(null)}>{common('action.cancel')}</Button></>}>
        <ProblemView problem={revoke.error} />
        <p className="kern-body">{t('keys.revokeText', { name: ending?.name ?? '' })}</p>
      </Dialog>
      {bar}
    </Page>
  )
}
