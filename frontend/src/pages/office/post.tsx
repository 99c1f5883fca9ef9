import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useList, useRefresh, useSend } from '../../api/hooks'
import type { DeadLetter, Items, Letter, SilentFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { AskedButton, Button, Link, Page, ProblemView } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, type Col, type Filter } from '../../staff'
import { useMayWrite } from './rights'

const DAYS = ['14', '28', '56', '90']

/** Facilities that let families wait, the longest first. */
export function SilentPage(): JSX.Element {
  const { t } = useTranslation('office')
  const { values } = useAddress()
  const to = useTo()
  const format = useFormat()
  const days = DAYS.includes(values['days'] ?? '') ? values['days'] : undefined
  const query = useGet<Items<SilentFacility>>('/office/silent-facilities', { days })
  const items = [...(query.data?.items ?? [])].sort((a, b) => b.oldest_days - a.oldest_days)
  const columns: Col<SilentFacility>[] = [
    { id: 'name', header: t('silent.facility'), fixed: true, text: (row) => row.name, cell: (row) => <Link to={to(`/kita/${row.facility_id}`)}>{row.name}</Link> },
    { id: 'open', header: t('silent.open'), numeric: true, text: (row) => row.open_preferences, cell: (row) => format.number(row.open_preferences) },
    { id: 'since', header: t('silent.oldest'), text: (row) => row.oldest_received_at.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.oldest_received_at)}</span> },
    { id: 'days', header: t('silent.days'), numeric: true, text: (row) => row.oldest_days, cell: (row) => format.number(row.oldest_days) },
  ]
  return (
    <Page title={t('silent.title')} lead={t('silent.lead')} width="full">
      <FilterBar name="silent" filters={[{ name: 'days', label: t('silent.after'), kind: 'one', options: DAYS.map((value) => ({ value, label: t('silent.afterDays', { count: Number(value) }) })) }]} />
      <DataTable name="kitas-ohne-antwort" caption={t('silent.title')} columns={columns} list={{ items, total: items.length, isPending: query.isPending, error: query.error, refetch: query.refetch }} rowKey={(row) => row.facility_id} filteredBy={['days']} empty={{ title: t('silent.empty'), text: t('silent.emptyText') }} />
    </Page>
  )
}

function useKind(): (kind: string) => string {
  const { t, i18n } = useTranslation('office')
  return (kind) => (i18n.exists(`office:kind.${kind}`) ? t(`kind.${kind as 'receipt'}`) : kind)
}

/** The kinds of messages by their words. */
function useKindFilter(): Filter[] {
  const { t, i18n } = useTranslation('office')
  const kinds = Object.entries(t('kind', { returnObjects: true })).map(([value, label]) => ({ value, label }))
  return [{ name: 'kind', label: t('dead.kind'), kind: 'one', options: kinds.sort((a, b) => a.label.localeCompare(b.label, i18n.language)) }]
}

export function DeadLettersPage(): JSX.Element {
  const { t } = useTranslation('office')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const kind = useKind()
  const mayWrite = useMayWrite()
  const { offer, bar } = useUndo()
  const { values } = useAddress()
  const filters = useKindFilter()
  const sorting = useSorting({ by: 'created', direction: 'desc' })
  const list = useList<DeadLetter>('/office/dead-letters', { q: values['q'], kind: values['kind'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const retry = useSend((row: DeadLetter) => api.post(`/office/dead-letters/${row.id}/retry`, {}))
  const onRetry = async (row: DeadLetter) => {
    const answer = await retry.run(row)
    if (answer?.ok) { offer(t('dead.retried', { to: row.recipient_label })); await refresh('/office') }
  }
  const columns: Col<DeadLetter>[] = [
    { id: 'to', sort: 'recipient', header: t('dead.recipient'), fixed: true, text: (row) => row.recipient_label, cell: (row) => row.recipient_label },
    { id: 'kind', header: t('dead.kind'), text: (row) => kind(row.kind), cell: (row) => kind(row.kind) },
    { id: 'reference', sort: 'reference', header: t('col.reference'), text: (row) => row.reference_code, cell: (row) => row.reference_code ?? '–' },
    { id: 'created', sort: 'created', header: t('dead.created'), text: (row) => row.created_at, cell: (row) => <span className="kp-num">{format.date(row.created_at)}</span> },
    { id: 'attempts', sort: 'attempts', header: t('dead.attempts'), numeric: true, text: (row) => row.attempts, cell: (row) => row.attempts },
    { id: 'error', header: t('dead.error'), text: (row) => row.last_error, cell: (row) => row.last_error },
    ...(mayWrite ? [{ id: 'act', header: t('dead.act'), fixed: true, cell: (row: DeadLetter) => <Button small kind="secondary" onClick={() => void onRetry(row)} aria-label={t('dead.retryFor', { to: row.recipient_label })}>{t('dead.retry')}</Button> }] : []),
  ]
  return (
    <Page title={t('dead.title')} lead={t('dead.lead')} width="full">
      <ProblemView problem={retry.error} />
      <FilterBar name="dead-letters" filters={filters} search={t('dead.search')} />
      <DataTable name="unzustellbar" caption={t('dead.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} filteredBy={namesOf(filters)} empty={{ title: t('dead.empty'), text: t('dead.emptyText') }} />
      {bar}
    </Page>
  )
}

export function LettersPage(): JSX.Element {
  const { t } = useTranslation('office')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const kind = useKind()
  const mayWrite = useMayWrite()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const state = values['state'] === 'printed' ? 'printed' : 'open'
  const filters = useKindFilter()
  const sorting = useSorting({ by: 'created', direction: 'desc' })
  const list = useList<Letter>('/office/letters', { state, q: values['q'], kind: values['kind'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const mark = useSend(async (rows: Letter[]) => { for (const row of rows) await api.post(`/office/letters/${row.id}/printed`, {}) })
  const onMark = async (rows: Letter[]) => {
    const answer = await mark.run(rows)
    setSelected(new Set())
    await refresh('/office')
    if (answer?.ok) offer(t('letters.marked', { count: rows.length }))
    return Boolean(answer?.ok)
  }
  const chosen = list.items.filter((row) => selected.has(row.id))
  const columns: Col<Letter>[] = [
    { id: 'to', sort: 'recipient', header: t('dead.recipient'), fixed: true, text: (row) => row.recipient_label, cell: (row) => row.recipient_label },
    { id: 'kind', header: t('dead.kind'), text: (row) => kind(row.kind), cell: (row) => kind(row.kind) },
    { id: 'reference', sort: 'reference', header: t('col.reference'), text: (row) => row.reference_code, cell: (row) => row.reference_code ?? '–' },
    { id: 'created', sort: 'created', header: t('dead.created'), text: (row) => row.created_at, cell: (row) => <span className="kp-num">{format.date(row.created_at)}</span> },
    { id: 'printed', sort: 'printed', header: t('letters.printed'), text: (row) => row.printed_at, cell: (row) => (row.printed_at ? format.dateTime(row.printed_at) : '–') },
    {
      id: 'act', header: t('dead.act'), fixed: true,
      cell: (row) => (
        <span className="kp-dense__acts">
          <a className="kern-btn kern-btn--tertiary kp-btn--small" href={api.url(`/office/letters/${row.id}.pdf`)} target="_blank" rel="noreferrer" aria-label={t('letters.openFor', { to: row.recipient_label })}><span className="kern-label">{t('letters.open')}</span></a>
          {mayWrite && !row.printed_at && <AskedButton small danger={false} label={t('letters.mark')} aria-label={t('letters.markFor', { to: row.recipient_label })} confirm={t('letters.markAll')} title={t('letters.markTitle', { count: 1 })} problem={mark.error} onRun={() => onMark([row])}>{t('letters.markText')}</AskedButton>}
        </span>
      ),
    },
  ]
  return (
    <Page title={t('letters.title')} lead={t('letters.lead')} width="full">
      <ul className="kp-tabs" aria-label={t('letters.views')}>
        {(['open', 'printed'] as const).map((name) => (
          <li key={name}><button type="button" className="kp-tab" aria-pressed={state === name} onClick={() => { setSelected(new Set()); set({ state: name === 'open' ? null : name }) }}>{t(`letters.view.${name}`)}</button></li>
        ))}
      </ul>
      <FilterBar name="letters" filters={filters} search={t('dead.search')} />
      <ProblemView problem={mark.error} />
      <DataTable
        name="briefe"
        caption={t('letters.title')}
        columns={columns}
        list={list}
        sorting={sorting}
        filteredBy={namesOf(filters)}
        rowKey={(row) => row.id}
        rowTitle={(row) => row.recipient_label}
        {...(mayWrite && state === 'open' ? { selection: { selected, onChange: setSelected } } : {})}
        empty={{ title: t(`letters.empty.${state}`), text: t('letters.emptyText') }}
        tools={chosen.length > 0 && <div className="kp-bulk" role="group" aria-label={t('letters.selection')}><strong>{t('letters.selected', { count: chosen.length })}</strong><AskedButton small danger={false} label={t('letters.markAll')} title={t('letters.markTitle', { count: chosen.length })} problem={mark.error} onRun={() => onMark(chosen)}>{t('letters.markText')}</AskedButton></div>}
      />
      {bar}
    </Page>
  )
}
