import { useEffect, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useRefresh } from '../../api/hooks'
import type { OperatorTenant } from '../../api/types'
import { Badge, Button, Section } from '../../ui'
import { DataTable, Panel, useAddress, useFormat, useUndo, WithPanel, type Col } from '../../staff'
import { CreateForm } from './create'
import { TenantPanel } from './tenant'

/** The municipalities of this installation with counts only; nobody's data. */
export function Tenants({ onSignedOut }: { onSignedOut: () => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const format = useFormat()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const list = useList<OperatorTenant>('/operator/tenants')
  const open = values['fall']
  const current = list.items.find((row) => row.slug === open)
  const close = () => set({ fall: null })
  const again = () => refresh('/operator/tenants')
  const done = (message: string, undo?: () => Promise<void>) => { offer(message, undo && (async () => { await undo(); await again() })); close(); void again() }
  // A session ends after half an hour without use: then the way in is shown again, not an error.
  const signedOut = list.error?.status === 401
  useEffect(() => { if (signedOut) onSignedOut() }, [signedOut, onSignedOut])
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
              {current ? <TenantPanel tenant={current} onDone={done} /> : <CreateForm onDone={(name, email) => done(t('create.done', { name, email }))} />}
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
