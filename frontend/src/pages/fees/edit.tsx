import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import type { FeeSchedule } from '../../api/fee-types'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { NotFound } from '../../app/states'
import { EMPTY_DATE, toIso, type DateParts } from '../../lib/dates'
import { Actions, Alert, AskedButton, Badge, Button, DateField, Dialog, EmptyState, ErrorState, ErrorSummary, Lines, Page, ProblemView, Section, Skeleton, TextArea, TextField, useFieldErrors } from '../../ui'
import { useFormat, useVersioned } from '../../staff'
import { LOOK, phaseOf } from './admin'
import { FeeGrid } from './grid'
import { TableForm, toDraft, toInput, useTableLines, type TableDraft } from './table-form'

type Content = { name: string; legal_basis: string; due_day: string; table: TableDraft }
const toContent = (table: FeeSchedule): Content => ({ name: table.name, legal_basis: table.legal_basis, due_day: String(table.due_day), table: toDraft(table) })

function Publish({ table, open, onClose, onDone }: { table: FeeSchedule; open: boolean; onClose: () => void; onDone: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [from, setFrom] = useState<DateParts>({ ...EMPTY_DATE, day: '1' })
  const send = useSend(async () => {
    await api.post(`/admin/fee-schedules/${table.id}/publish`, { valid_from: toIso(from) }, { version: table.version })
    onDone(t('edit.published'))
  })
  const [tried, setTried] = useState(false)
  const errors = fieldErrors(send.error)
  const day = tried && !toIso(from) ? t('edit.needMonth') : errors['valid_from']
  return (
    <Dialog open={open} title={t('edit.publishTitle')} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={send.busy} onClick={() => { setTried(true); if (toIso(from)) void send.run() }}>{t('edit.publish')}</Button></>}>
      <div className="kp-stack">
        <p className="kern-body">{t('edit.publishText')}</p>
        <DateField id="valid_from" label={t('edit.from')} hint={t('edit.fromHint')} value={from} onChange={setFrom} error={day} />
        {send.error && !errors['valid_from'] && <ProblemView problem={send.error} />}
      </div>
    </Dialog>
  )
}

function Editor({ table, onSaved }: { table: FeeSchedule; onSaved: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('fees')
  const api = useApi()
  const [publishing, setPublishing] = useState(false)
  const path = `/admin/fee-schedules/${table.id}`
  const tableLines = useTableLines()
  const form = useVersioned<Content>({
    start: { value: toContent(table), version: table.version },
    save: (value, version) => api.put(path, { name: value.name, legal_basis: value.legal_basis, due_day: Number(value.due_day), table: toInput(value.table) }, { version }),
    newest: async () => {
      const found = (await api.get<Items<FeeSchedule>>('/admin/fee-schedules')).items.find((entry) => entry.id === table.id) ?? table
      return { value: toContent(found), version: found.version }
    },
    labels: { name: t('admin.name'), legal_basis: t('edit.ground'), due_day: t('edit.due'), table: t('edit.table') },
    show: (_field, value, other) => (typeof value === 'string' ? value : <Lines own={tableLines(value)} other={tableLines(other as TableDraft)} />),
    onSaved: () => onSaved(t('edit.saved')),
  })
  const input = toInput(form.value.table)
  const [tried, setTried] = useState(false)
  const own: Record<string, string> = tried && !input ? { table: t('edit.needAmounts') } : {}
  const errors: Record<string, string> = { ...form.errors, ...own }
  const dirty = form.unsaved
  const label = (id: string) => (id.startsWith('table') ? t('edit.table') : id === 'legal_basis' ? t('edit.ground') : id === 'due_day' ? t('edit.due') : t('admin.name'))
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (input) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={Object.entries(errors).map(([id, message]) => ({ id: id.startsWith('table') ? 'table' : id, message: `${label(id)}: ${message}` }))} problem={Object.keys(errors).length > 0 ? null : form.problem} />
      <TextField id="name" label={t('admin.name')} maxLength={200} value={form.value.name} onChange={(name) => form.set({ name })} error={errors['name']} />
      <TextArea id="legal_basis" label={t('edit.ground')} hint={t('edit.groundHint')} rows={2} maxLength={500} value={form.value.legal_basis} onChange={(legal_basis) => form.set({ legal_basis })} error={errors['legal_basis']} />
      <TextField id="due_day" label={t('edit.due')} hint={t('edit.dueHint')} width="xs" inputMode="numeric" value={form.value.due_day} onChange={(due_day) => form.set({ due_day })} error={errors['due_day']} />
      <TableForm value={form.value.table} onChange={(next) => form.set({ table: next })} />
      {dirty && <p className="kern-body" role="status">{t('edit.unsaved')}</p>}
      <Actions>
        <Button type="submit" busy={form.busy} kind={dirty ? 'primary' : 'secondary'}>{t('edit.save')}</Button>
        <Button kind={dirty ? 'secondary' : 'primary'} aria-disabled={dirty || undefined} onClick={() => { if (!dirty) setPublishing(true) }}>{t('edit.publish')}</Button>
      </Actions>
      <Publish table={table} open={publishing} onClose={() => setPublishing(false)} onDone={(message) => { setPublishing(false); onSaved(message) }} />
    </form>
  )
}

/** A fee table: written while it is a draft, read and taken back afterwards. */
export function FeeTablePage(): JSX.Element {
  const { t } = useTranslation('fees')
  const { schedule } = useParams()
  const api = useApi()
  const to = useTo()
  const refresh = useRefresh()
  const format = useFormat()
  const [done, setDone] = useState('')
  const query = useGet<Items<FeeSchedule>>('/admin/fee-schedules')
  const table = query.data?.items.find((entry) => entry.id === schedule)
  const saved = (message: string) => { setDone(message); void refresh('/admin/fee-schedules', '/fees') }
  const withdraw = useSend(async (row: FeeSchedule) => {
    await api.post(`/admin/fee-schedules/${row.id}/withdraw`, {}, { version: row.version })
    saved(t('edit.withdrawn'))
  })
  const back = { to: to('/verwaltung/elternbeitraege'), label: t('admin.title') }
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (query.isPending) return <Skeleton blocks={2} lines={5} />
  if (!table) return <NotFound />
  const phase = phaseOf(table)
  return (
    <Page title={table.name} back={back} width="full">
      <div><Badge {...LOOK[phase]}>{t(`phase.${phase}`)}</Badge>{table.valid_from && <> {t('edit.fromMonth', { month: format.month(table.valid_from) })}</>}</div>
      {done && <Alert tone="success" live title={done} />}
      {phase === 'draft' ? <Editor key={table.id} table={table} onSaved={saved} /> : <p className="kern-body">{t('edit.fixed', { ground: table.legal_basis, day: table.due_day })}</p>}
      <Section title={t('edit.result', { count: table.rows.length })}>
        {table.rows.length === 0 ? <EmptyState title={t('edit.noRows')}>{t('edit.noRowsText')}</EmptyState> : <FeeGrid rows={table.rows} />}
      </Section>
      {(phase === 'draft' || phase === 'coming') && <div className="kp-actions"><AskedButton kind="tertiary" label={t('edit.withdraw')} title={t('edit.withdrawTitle', { name: table.name })} problem={withdraw.error} onRun={async () => Boolean((await withdraw.run(table))?.ok)}>{t('edit.withdrawText')}</AskedButton></div>}
    </Page>
  )
}
