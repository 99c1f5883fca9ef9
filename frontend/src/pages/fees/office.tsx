import { useState, type JSX } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import type { ContractFee, Fee, FeeSchedule, Receivable } from '../../api/fee-types'
import { useGet, useIdempotencyKey, useList, useRefresh, useSend } from '../../api/hooks'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { lastDay, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Badge, Button, ButtonLink, Checkbox, DownloadLink, ErrorSummary, Link, Loaded, Page, ProblemView, Section, Select, TextArea, useFieldErrors } from '../../ui'
import { DataTable, FilterBar, Panel, WithPanel, namedSummary, namesOf, useAddress, useFormat, useSorting, type Col, type Filter } from '../../staff'
import { NoticeBadge } from '../office/notices/look'
import { useMayWrite } from '../office/rights'
import { Amounts } from './amounts'
import { fromCents, incomesOf, useMoney } from './money'
import { Reliefs } from './reliefs'

const firstOf = (iso: string): string => `${iso.slice(0, 7)}-01`

/** The facts that the table asks for; the amounts are worked out by the server and shown before anything is sent. */
function Assess({ row, incomes }: { row: ContractFee; incomes: number[] }): JSX.Element {
  const { t } = useTranslation('fees')
  const api = useApi()
  const refresh = useRefresh()
  const money = useMoney()
  const format = useFormat()
  const { key, renew } = useIdempotencyKey()
  const serverErrors = useFieldErrors()
  const begins = firstOf(row.care_from)
  const now = firstOf(today())
  const [from, setFrom] = useState(row.notice && now > begins ? now : begins)
  const [child, setChild] = useState(String(Math.min(9, row.notice?.child_position ?? row.suggested_position)))
  const [lone, setLone] = useState(row.notice?.lone_parent ?? false)
  const [income, setIncome] = useState(row.notice?.income_up_to ? String(row.notice.income_up_to) : '')
  const [note, setNote] = useState('')
  const send = useSend(async () => {
    await api.post<Fee>('/office/fees', { contract_id: row.contract_id, from_month: from, child_position: Number(child), lone_parent: lone, income_up_to: income ? Number(income) : null, note: note.trim() }, { idempotencyKey: key() })
    renew()
    await refresh('/office/fees')
  })
  const months = [...new Set([begins, ...(now > begins && now < row.care_until ? [now] : []), from])].sort()
  const errors = serverErrors(send.error)
  const change = <V,>(set: (value: V) => void) => (value: V) => { renew(); set(value) }
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); void send.run() }}>
      <ErrorSummary errors={namedSummary(errors, { from_month: t('office.from'), child_position: t('calc.child') })} problem={send.error} />
      <Select id="from_month" label={t('office.from')} value={from} onChange={change(setFrom)} error={errors['from_month']} options={months.map((value) => ({ value, label: format.month(value) }))} />
      <Select id="child_position" label={t('calc.child')} hint={t('office.childHint', { count: row.suggested_position - 1 })} value={child} onChange={change(setChild)} error={errors['child_position']} options={Array.from({ length: 9 }, (_, n) => ({ value: String(n + 1), label: t('child', { n: n + 1 }) }))} />
      {incomes.length > 0 && <Select id="income_up_to" label={t('calc.income')} hint={t('office.incomeHint')} empty={t('income.highest')} value={income} onChange={change(setIncome)} options={incomes.map((value) => ({ value: String(value), label: money.income(value) }))} />}
      <Checkbox id="lone_parent" label={t('calc.lone')} checked={lone} onChange={change(setLone)} />
      <TextArea id="note" label={t('office.note')} hint={t('office.noteHint')} optional rows={2} maxLength={1000} value={note} onChange={change(setNote)} error={errors['note']} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('office.workOut')}</Button></div>
    </form>
  )
}

function Draft({ fee }: { fee: Fee }): JSX.Element {
  const { t } = useTranslation('fees')
  const api = useApi()
  const to = useTo()
  const refresh = useRefresh()
  const drop = useSend(async () => {
    await api.delete(`/office/fees/${fee.id}`, { version: fee.version })
    await refresh('/office/fees')
  })
  return (
    <div className="kp-stack kp-stack--small">
      <Alert tone="info" title={t('office.draft')}><p className="kern-body">{t('office.draftText')}</p></Alert>
      <Amounts fee={fee} />
      {fee.notice && <p className="kern-body">{fee.file_number} <NoticeBadge state={fee.notice.state} /></p>}
      <ProblemView problem={drop.error} />
      <div className="kp-actions">
        {fee.notice && <ButtonLink small to={to(`/amt/bescheide/${fee.notice.id}`)}>{t('office.toNotice')}</ButtonLink>}
        <DownloadLink small kind="tertiary" href={api.url(`/office/fees/${fee.id}/notice.pdf`)}>{t('office.preview')}</DownloadLink>
        {fee.notice?.state !== 'approved' && <Button small kind="tertiary" busy={drop.busy} onClick={() => void drop.run()}>{t('office.discard')}</Button>}
      </div>
    </div>
  )
}

function Case({ row, tables }: { row: ContractFee; tables: UseQueryResult<Items<FeeSchedule>, ApiError> }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: notices } = useTranslation('notices')
  const api = useApi()
  const to = useTo()
  const format = useFormat()
  const mayWrite = useMayWrite()
  return (
    <>
      <p className="kern-body">{t('office.terms', { from: format.date(row.care_from), to: format.date(lastDay(row.care_until)), count: row.hours_per_week })}</p>
      {row.notice && (
        <Section title={t('office.notice', { number: row.notice.file_number })}>
          <p className="kp-small kp-muted">{t('office.noticeOf', { date: format.date(row.notice.notice?.posted_on ?? row.notice.issued_at), month: format.month(row.notice.from_month) })}</p>
          {row.notice.notice && <p className="kern-body"><NoticeBadge state={row.notice.notice.state} />{row.notice.notice.objection_until && ` ${notices('section.until', { date: format.date(row.notice.notice.objection_until) })}`}</p>}
          {row.outdated && <Alert tone="warning" title={t('office.outdated')}><p className="kern-body">{t('office.outdatedText')}</p></Alert>}
          <Amounts fee={row.notice} />
          <div className="kp-actions">{row.notice.notice && <ButtonLink small kind="secondary" to={to(`/amt/bescheide/${row.notice.notice.id}`)}>{t('office.toNotice')}</ButtonLink>}<DownloadLink small kind="tertiary" href={api.url(`/office/fees/${row.notice.id}/notice.pdf`)}>{t('mine.pdf')}</DownloadLink></div>
        </Section>
      )}
      <Reliefs key={`reliefs-${row.contract_id}`} row={row} />
      {mayWrite && row.draft && <Section title={t('office.draftTitle')}><Draft fee={row.draft} /></Section>}
      {mayWrite && !row.draft && <Section title={row.notice ? t('office.again') : t('office.first')}><Loaded query={tables} lines={4}>{({ items }) => <Assess key={row.contract_id} row={row} incomes={incomesOf(items.filter((table) => table.state === 'published').flatMap((table) => table.rows))} />}</Loaded></Section>}
    </>
  )
}

/** What is owed in a month, for the treasury: shown, counted and as a file. Nothing is booked here. */
function Receivables(): JSX.Element {
  const { t, i18n } = useTranslation('fees')
  const { t: relief } = useTranslation('reliefs')
  const money = useMoney()
  const format = useFormat()
  const { values, set } = useAddress()
  const now = firstOf(today())
  const months = Array.from({ length: 25 }, (_, n) => { const at = new Date(`${now}T00:00:00Z`); at.setUTCMonth(at.getUTCMonth() + n - 12); return at.toISOString().slice(0, 10) })
  const month = months.includes(values['monat'] ?? '') ? values['monat'] ?? now : now
  const query = useGet<Items<Receivable>>('/office/fees/receivables', { month })
  const all = query.data?.items ?? []
  const kitas = [...new Set(all.map((row) => row.facility_name))].sort((a, b) => a.localeCompare(b, i18n.language))
  const kita = kitas.find((name) => name === values['kita']) ?? ''
  const items = kita ? all.filter((row) => row.facility_name === kita) : all
  const sum = items.reduce((total, row) => total + row.cents, 0)
  const waived = (row: Receivable) => (row.relief ? relief(`reason.${row.relief.reason}`) : '')
  const columns: Col<Receivable>[] = [
    { id: 'number', header: t('due.number'), fixed: true, text: (row) => row.file_number, cell: (row) => <span className="kp-nowrap">{row.file_number}</span> },
    { id: 'debtors', header: t('due.debtors'), text: (row) => row.debtors.join(' / '), cell: (row) => row.debtors.join(' / ') },
    { id: 'reference', header: t('due.reference'), text: (row) => row.reference_code, cell: (row) => row.reference_code ?? '–' },
    { id: 'facility', header: t('due.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'month', header: t('due.month'), text: (row) => row.month.slice(0, 7), cell: (row) => format.month(row.month) },
    { id: 'amount', header: t('due.amount'), numeric: true, text: (row) => row.cents / 100, cell: (row) => <span className="kp-nowrap">{money.amount(row.cents)}</span> },
    { id: 'relief', header: relief('title'), text: waived, cell: waived },
  ]
  return (
    <Section title={t('due.title')}>
      <p className="kern-body">{t('due.lead')}</p>
      <div className="kp-row">
        <Select id="monat" label={t('due.month')} optional="filter" value={month} onChange={(value) => set({ monat: value })} options={months.map((value) => ({ value, label: format.month(value) }))} />
        {kitas.length > 1 && <Select id="kita" label={t('due.facility')} optional="filter" value={kita} empty={t('due.allFacilities')} onChange={(value) => set({ kita: value })} options={kitas.map((value) => ({ value, label: value }))} />}
      </div>
      <Loaded query={query} lines={1}>{() => <p className="kern-body" role="status"><strong>{t('due.sum', { count: items.length, amount: money.euros(sum) })}</strong></p>}</Loaded>
      {items.length > 0 && <DataTable name="forderungen" caption={t('due.title')} columns={columns} list={{ items, total: items.length, isPending: query.isPending, error: query.error, refetch: query.refetch }} rowKey={(row) => row.file_number} empty={{ title: t('due.sum', { count: 0, amount: money.euros(0) }) }} />}
    </Section>
  )
}

/** Contracts with what is owed for them: work it out, look at it, issue the notice. */
export function FeesPage(): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: staff } = useTranslation('staff')
  const words = useWords()
  const money = useMoney()
  const format = useFormat()
  const to = useTo()
  const mayWrite = useMayWrite()
  const { values, set } = useAddress()
  const sorting = useSorting({ by: 'start', direction: 'asc' })
  const facilities = useGet<Items<MyFacility>>('/staff/facilities', undefined, { staleTime: 300_000 })
  const filters: Filter[] = [
    { name: 'offen', label: t('office.filter'), kind: 'one', options: [{ value: 'ja', label: t('office.onlyOpen') }] },
    { name: 'facility_id', label: t('due.facility'), kind: 'one', options: (facilities.data?.items ?? []).map((entry) => ({ value: entry.id, label: entry.name })) },
  ]
  const list = useList<ContractFee>('/office/fees', { without_notice: values['offen'] === 'ja' ? 'true' : undefined, facility_id: values['facility_id'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const tables = useGet<Items<FeeSchedule>>('/admin/fee-schedules')
  const published = tables.data?.items.filter((table) => table.state === 'published') ?? []
  const open = list.items.find((row) => row.contract_id === values['fall'])
  const child = (row: ContractFee) => words.childLabel(row.child)
  const amountNow = (row: ContractFee) => {
    const now = firstOf(today())
    return row.notice?.periods.find((period) => period.from_month <= now && now < period.until_month) ?? row.notice?.periods[0]
  }
  const columns: Col<ContractFee>[] = [
    { id: 'child', sort: 'child', header: t('office.child'), fixed: true, cell: child, text: child },
    { id: 'facility', sort: 'facility', header: t('due.facility'), cell: (row) => row.facility_name, text: (row) => row.facility_name },
    { id: 'from', sort: 'start', header: t('office.begins'), cell: (row) => <span className="kp-num">{format.date(row.care_from)}</span>, text: (row) => row.care_from },
    { id: 'hours', sort: 'hours', header: t('office.hours'), numeric: true, cell: (row) => row.hours_per_week, text: (row) => row.hours_per_week },
    { id: 'amount', header: t('office.amount'), numeric: true, cell: (row) => { const now = amountNow(row); return now ? <span className="kp-nowrap">{money.amount(now.cents)}</span> : '–' }, text: (row) => { const now = amountNow(row); return now ? fromCents(now.cents) : null } },
    {
      id: 'state', header: t('office.state'), text: (row) => row.notice?.file_number ?? '', cell: (row) => row.draft
        ? <Badge tone="info" icon="edit">{t('office.draftTitle')}</Badge>
        : row.outdated ? <Badge tone="warning" icon="warning">{t('office.outdatedShort')}</Badge>
          : row.notice ? <><Badge tone="success" icon="check">{t('office.noticed')}</Badge><span className="kp-under">{row.notice.file_number}</span></> : <Badge tone="neutral" icon="question">{t('office.none')}</Badge>,
    },
  ]
  const close = () => set({ fall: null })
  return (
    <Page title={t('office.title')} lead={t('office.lead')} width="full">
      {tables.isSuccess && published.length === 0 && <Alert tone="warning" title={t('office.noTable')}><p className="kern-body">{t('office.noTableText')} <Link to={to('/verwaltung/elternbeitraege')}>{t('admin.title')}</Link></p></Alert>}
      <FilterBar name="fees" filters={filters} search={staff('search.child')} />
      <WithPanel panel={open && <Panel title={child(open)} subtitle={open.facility_name} onClose={close}><Case row={open} tables={tables} /></Panel>}>
        <DataTable name="elternbeitraege" caption={t('office.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.contract_id} rowTitle={child} openId={values['fall'] ?? null} onOpen={(row) => set({ fall: row.contract_id }, true)} onClose={close} filteredBy={namesOf(filters)} empty={{ title: t('office.empty'), text: t('office.emptyText') }} />
      </WithPanel>
      {mayWrite && <Receivables />}
    </Page>
  )
}
