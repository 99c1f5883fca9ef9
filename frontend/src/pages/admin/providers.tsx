import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useList, useRefresh } from '../../api/hooks'
import type { Page as ListPage, Provider, ProviderKind } from '../../api/types'
import { useWords } from '../../lib/words'
import { Button, ErrorSummary, Page, Select, TextField } from '../../ui'
import { DataTable, FilterBar, namedSummary, namesOf, Panel, useAddress, useSorting, useUndo, useVersioned, WithPanel, type Col, type Filter } from '../../staff'

const KINDS: ProviderKind[] = ['municipal', 'church', 'welfare', 'private_nonprofit', 'commercial', 'parents_initiative', 'company']
type Values = { name: string; kind: ProviderKind | ''; website: string }
const toValues = (row: Provider | null): Values => ({ name: row?.name ?? '', kind: row?.kind ?? '', website: row?.website ?? '' })

function Form({ provider, onSaved }: { provider: Provider | null; onSaved: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const words = useWords()
  const { key, renew } = useIdempotencyKey()
  const [tried, setTried] = useState(false)
  const labels: Record<keyof Values, string> = { name: t('providers.name'), kind: t('providers.kind'), website: t('providers.website') }
  const form = useVersioned<Values>({
    start: { value: toValues(provider), version: provider?.version ?? 0 },
    save: (value, version) => {
      const body = { name: value.name.trim(), kind: value.kind || null, website: value.website.trim() || null }
      return provider ? api.patch(`/admin/providers/${provider.id}`, body, { version }) : api.post('/admin/providers', body, { idempotencyKey: key() })
    },
    newest: async () => {
      const now = (await api.get<ListPage<Provider>>('/admin/providers', { limit: 200 })).items.find((row) => row.id === provider?.id) ?? null
      return { value: toValues(now), version: now?.version ?? 0 }
    },
    labels,
    show: (field, value) => (field === 'kind' && value ? words.providerKind(value as ProviderKind) : value),
    onSaved: () => onSaved(provider ? t('providers.saved') : t('providers.added')),
  })
  const own: Record<string, string> = form.value.name.trim() ? {} : { name: t('need') }
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const set = (patch: Partial<Values>) => { renew(); form.set(patch) }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={form.problem} />
      <TextField id="name" label={labels.name} maxLength={200} value={form.value.name} onChange={(name) => set({ name })} error={errors['name']} />
      <Select id="kind" label={labels.kind} optional empty={t('unknown')} value={form.value.kind} onChange={(kind) => set({ kind })} options={KINDS.map((value) => ({ value, label: words.providerKind(value) }))} error={errors['kind']} />
      <TextField id="website" label={labels.website} hint={t('providers.websiteHint')} optional type="url" value={form.value.website} onChange={(website) => set({ website })} error={errors['website']} />
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{provider ? t('providers.save') : t('providers.add')}</Button></div>
    </form>
  )
}

export function ProvidersPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const words = useWords()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const sorting = useSorting({ by: 'name', direction: 'asc' })
  const filters: Filter[] = [{ name: 'kind', label: t('providers.kind'), kind: 'one', options: KINDS.map((value) => ({ value, label: words.providerKind(value) })) }]
  const list = useList<Provider>('/admin/providers', { q: values['q'], kind: values['kind'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const open = values['fall']
  const current = list.items.find((row) => row.id === open) ?? null
  const close = () => set({ fall: null })
  const columns: Col<Provider>[] = [
    { id: 'name', sort: 'name', header: t('providers.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'kind', header: t('providers.kind'), text: (row) => (row.kind ? words.providerKind(row.kind) : ''), cell: (row) => (row.kind ? words.providerKind(row.kind) : t('unknown')) },
    { id: 'count', sort: 'facilities', header: t('providers.count'), numeric: true, text: (row) => row.facility_count, cell: (row) => row.facility_count },
    { id: 'website', sort: 'website', header: t('providers.website'), text: (row) => row.website, cell: (row) => row.website ?? '–' },
  ]
  return (
    <Page title={t('providers.title')} width="full">
      <div><Button small icon="add" onClick={() => set({ fall: 'neu' })}>{t('providers.add')}</Button></div>
      <FilterBar name="providers" filters={filters} search={t('providers.search')} />
      <WithPanel panel={open && (open === 'neu' || current) && <Panel key={open} title={current?.name ?? t('providers.add')} onClose={close}><Form provider={current} onSaved={(message) => { offer(message); close(); void refresh('/admin/providers') }} /></Panel>}>
        <DataTable name="traeger" caption={t('providers.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} rowTitle={(row) => row.name} openId={open ?? null} onOpen={(row) => set({ fall: row.id })} onClose={close} filteredBy={namesOf(filters)} empty={{ title: t('providers.empty'), text: t('providers.emptyText') }} />
      </WithPanel>
      {bar}
    </Page>
  )
}
