import { useEffect, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useRefresh } from '../../api/hooks'
import type { OperatorTenant } from '../../api/types'
import { Badge, Button, Section } from '../../ui'
import { DataTable, FilterBar, namesOf, Panel, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter } from '../../staff'
import { CreateForm } from './create'
import { TenantPanel } from './tenant'

/** The municipalities of this installation with counts only; nobody's data. */
export function Tenants({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const format = useFormat()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const sorting = useSorting({ by: 'slug', direction: 'asc' })
  const filters: Filter[] = [{ name: 'state', label: t('col.state'), kind: 'one', options: (['active', 'suspended'] as const).map((value) => ({ value, label: t(`state.${value}`) })) }]
  const list = useList<OperatorTenant>('/operator/tenants', { q: values['q'], state: values['state'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const open = values['fall']
  const current = list.items.find((row) => row.slug === open)
  const close = () => set({ fall: null })
  const again = () => refresh('/operator/tenants')
  const done = (message: string, undo?: () => Promise<void>) => { offer(message, undo && (async () => { await undo(); await again() })); close(); void again() }
  // A session ends after half an hour without use: then the way in is shown again, not an error.
  const signedOut = list.error?.status === 401
  useEffect(() => { if (signedOut) onSignedOut() }, [signedOut, onSignedOut])
  const count = (id: 'accounts' | 'facilities' | 'demands_open' | 'jobs_waiting', sort: string): Col<OperatorTenant> =>
    ({ id, sort, header: t(`col.${id}`), numeric: true, text: (row) => row[id], cell: (row) => format.number(row[id]) })
  const columns: Col<OperatorTenant>[] = [
    { id: 'name', sort: 'name', header: t('col.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'slug', sort: 'slug', header: t('col.slug'), text: (row) => row.slug, cell: (row) => <code>/{row.slug}</code> },
    { id: 'state', sort: 'state', header: t('col.state'), text: (row) => row.state, cell: (row) => <Badge tone={row.state === 'active' ? 'success' : 'warning'} icon={row.state === 'active' ? 'check-circle' : 'pause'}>{row.state === 'active' || row.state === 'suspended' ? t(`state.${row.state}`) : row.state}</Badge> },
    { id: 'host', sort: 'host', header: t('edit.host'), text: (row) => row.host, cell: (row) => row.host ?? '–' },
    { id: 'ags', header: 'AGS', hidden: true, text: (row) => row.ags, cell: (row) => row.ags },
    count('accounts', 'accounts'), count('facilities', 'facilities'), count('demands_open', 'demands'), count('jobs_waiting', 'jobs'),
  ]
  return (
    <>
      <Section title={t('list')}>
        <div><Button small icon="add" onClick={() => set({ fall: 'neu' })}>{t('create.title')}</Button></div>
        <FilterBar filters={filters} search={t('search')} />
        <WithPanel
          panel={open && (open === 'neu' || current) && (
            <Panel key={open} title={current?.name ?? t('create.title')} onClose={close}>
              {current ? <TenantPanel tenant={current} onDone={done} /> : <CreateForm onDone={(name, email) => done(t('create.done', { name, email }))} />}
            </Panel>
          )}
        >
          <DataTable name="kommunen" caption={t('list')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.slug} rowTitle={(row) => row.name} openId={open ?? null} onOpen={(row) => set({ fall: row.slug })} onClose={close} filteredBy={namesOf(filters)} empty={{ title: t('empty'), text: t('emptyText') }} />
        </WithPanel>
      </Section>
      {bar}
    </>
  )
}
