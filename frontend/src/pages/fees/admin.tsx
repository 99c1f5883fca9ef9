import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import type { FeeSchedule, FeeTemplate } from '../../api/fee-types'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { Badge, Button, Dialog, EmptyState, ErrorState, Link, Page, ProblemView, RadioGroup, Select, Skeleton, Table, TextField, useFieldErrors, type IconName, type Tone } from '../../ui'
import { useFormat } from '../../staff'

type Phase = 'draft' | 'coming' | 'in_force' | 'over' | 'withdrawn'
export const phaseOf = (table: FeeSchedule): Phase =>
  table.state !== 'published' ? table.state : table.in_force ? 'in_force' : table.valid_until && table.valid_until <= new Date().toISOString().slice(0, 10) ? 'over' : 'coming'
export const LOOK: Record<Phase, { tone: Tone | 'neutral'; icon: IconName }> = {
  draft: { tone: 'info', icon: 'edit' }, coming: { tone: 'info', icon: 'calendar' }, in_force: { tone: 'success', icon: 'check-circle' },
  over: { tone: 'neutral', icon: 'clock' }, withdrawn: { tone: 'neutral', icon: 'x-circle' },
}

type Start = 'template' | 'copy' | 'empty'
function NewTable({ tables, open, onClose }: { tables: FeeSchedule[]; open: boolean; onClose: () => void }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const fieldErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const templates = useGet<Items<FeeTemplate>>('/admin/fee-templates')
  const [name, setName] = useState('')
  const [start, setStart] = useState<Start>('template')
  const [copied, setCopied] = useState('')
  const chosen = templates.data?.items[0]
  const create = useSend(async () => {
    const body = { name: name.trim(), template: start === 'template' ? chosen?.code ?? null : null, copy_of: start === 'copy' ? copied || tables[0]?.id || null : null }
    const made = await api.post<FeeSchedule>('/admin/fee-schedules', body, { idempotencyKey: key() })
    await refresh('/admin/fee-schedules')
    void navigate(to(`/verwaltung/elternbeitraege/${made.id}`))
  })
  const errors = fieldErrors(create.error)
  const starts: Start[] = tables.length > 0 ? ['template', 'copy', 'empty'] : ['template', 'empty']
  return (
    <Dialog open={open} title={t('admin.new')} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={create.busy} onClick={() => void create.run()}>{t('admin.begin')}</Button></>}>
      <div className="kp-stack">
        <TextField id="fee-name" label={t('admin.name')} hint={t('admin.nameHint')} maxLength={200} value={name} onChange={(value) => { renew(); setName(value) }} error={errors['name']} />
        <RadioGroup id="fee-start" label={t('admin.start')} value={start} onChange={(value) => { renew(); setStart(value) }} options={starts.map((value) => ({ value, label: value === 'template' ? t('admin.template', { name: chosen?.name ?? '' }) : t(`admin.${value}`) }))} />
        {start === 'copy' && <Select id="fee-copy" label={t('admin.copyField')} value={copied || (tables[0]?.id ?? '')} onChange={(value) => { renew(); setCopied(value) }} options={tables.map((entry) => ({ value: entry.id, label: `${entry.name} (${entry.number})` }))} error={errors['copy_of']} />}
        {create.error && Object.keys(errors).length === 0 && <ProblemView problem={create.error} />}
      </div>
    </Dialog>
  )
}

/** All fee tables of the municipality, the newest first. */
export function FeeTablesPage(): JSX.Element {
  const { t } = useTranslation('fees')
  const to = useTo()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const query = useGet<Items<FeeSchedule>>('/admin/fee-schedules')
  const tables = query.data?.items ?? []
  const begin = <Button small icon="add" onClick={() => setOpen(true)}>{t('admin.new')}</Button>
  return (
    <Page title={t('admin.title')} lead={t('admin.lead')} width="full">
      <p className="kern-body"><Link to={to('/elternbeitraege')}>{t('admin.public')}</Link></p>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={5} />}
      {query.isSuccess && tables.length === 0 && <EmptyState title={t('admin.empty')} action={begin}>{t('admin.emptyText')}</EmptyState>}
      {tables.length > 0 && (
        <>
          <div>{begin}</div>
          <Table cards
            caption={t('admin.title')}
            rows={tables}
            rowKey={(row) => row.id}
            columns={[
              { id: 'name', header: t('admin.name'), rowHeader: true, cell: (row) => <Link to={to(`/verwaltung/elternbeitraege/${row.id}`)}>{row.name}</Link> },
              { id: 'number', header: t('admin.number'), numeric: true, cell: (row) => row.number },
              { id: 'phase', header: t('office.state'), cell: (row) => <Badge {...LOOK[phaseOf(row)]}>{t(`phase.${phaseOf(row)}`)}</Badge> },
              { id: 'from', header: t('admin.from'), cell: (row) => (row.valid_from ? format.month(row.valid_from) : '–') },
              { id: 'rows', header: t('admin.amounts'), numeric: true, cell: (row) => row.rows.length },
            ]}
          />
        </>
      )}
      <NewTable tables={tables} open={open} onClose={() => setOpen(false)} />
    </Page>
  )
}
