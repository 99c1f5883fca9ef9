import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { DraftedEnds, OtherEnd, OtherEndPage } from '../../api/aftercare-types'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Button, ErrorState, Link, LoadMore, Page, ProblemView, Skeleton, Table } from '../../ui'
import { DataTable, useFormat, useSorting, type Col } from '../../staff'
import { useMayWrite } from '../office/rights'

const LIST = '/office/contracts/school-rule'
/** So many changes are drafted with one click at most. */
const MOST = 200

function useIndividual(): (count: number) => string | null {
  const { t } = useTranslation('aftercare')
  return (count) => (count > 0 ? t('rule.individual', { count }) : null)
}

/** What another rule of school entry would touch, before it is saved. */
export function RulePreview({ keyDay, kitaYearStart }: { keyDay: string | null; kitaYearStart: string }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const words = useWords()
  const format = useFormat()
  const to = useTo()
  const individual = useIndividual()
  const list = useList<OtherEnd, OtherEndPage>('/admin/settings/school-rule', { school_key_day: keyDay ?? undefined, kita_year_start: kitaYearStart, limit: 10 })
  const first = list.pages[0]
  if (list.error) return <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
  if (!first) return <Skeleton lines={3} />
  const apart = individual(first.individual)
  return (
    <div className="kp-stack">
      <Alert tone={first.total ? 'warning' : 'info'} live title={first.total ? t('rule.preview.title', { count: first.total }) : t('rule.preview.none')}>
        {first.total > 0 && <p className="kern-body">{t('rule.preview.children', { count: first.children })} {t('rule.preview.text')}</p>}
        {apart && <p className="kern-body">{apart}</p>}
        {first.total > 0 && <p className="kern-body">{t('rule.preview.after')} <Link to={to('/amt/schulbeginn')}>{t('rule.title')}</Link></p>}
      </Alert>
      {first.total > 0 && (
        <>
          <Table
            caption={t('rule.preview.caption')}
            cards
            rows={list.items}
            rowKey={(row) => row.contract_id}
            columns={[
              { id: 'child', header: t('rule.child'), rowHeader: true, cell: (row) => words.childLabel(row.child) },
              { id: 'facility', header: t('rule.facility'), cell: (row) => row.facility_name },
              { id: 'last', header: t('rule.lastDay'), cell: (row) => <span className="kp-num">{format.date(row.last_day)}</span> },
              { id: 'next', header: t('rule.nextDay'), cell: (row) => <span className="kp-num">{format.date(row.usual_last_day)}</span> },
            ]}
          />
          <LoadMore shown={list.items.length} total={first.total} hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
        </>
      )}
    </div>
  )
}

function Outcome({ result }: { result: DraftedEnds }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const words = useWords()
  const left = result.items.filter((item) => item.hindrance)
  return (
    <Alert tone={left.length > 0 ? 'warning' : 'success'} live title={t('rule.drafted', { count: result.drafted })}>
      <p className="kern-body">{t('rule.draftedText')}</p>
      {left.length > 0 && (
        <>
          <p className="kern-body">{t('rule.left', { count: left.length })}</p>
          <ul className="kp-list">
            {left.map((item) => (
              <li key={item.contract_id}>{item.child ? `${words.childLabel(item.child)}, ${item.facility_name ?? ''}: ` : ''}{t(`rule.hindrance.${item.hindrance!}`)}</li>
            ))}
          </ul>
        </>
      )}
    </Alert>
  )
}

/** Contracts that end as a former rule of school entry had it, and drafting their change. */
export function OtherEndsPage(): JSX.Element {
  const { t } = useTranslation('aftercare')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const refresh = useRefresh()
  const individual = useIndividual()
  const { key, renew } = useIdempotencyKey()
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const sorting = useSorting({ by: 'facility', direction: 'asc' })
  const list = useList<OtherEnd, OtherEndPage>(LIST, { sort: sorting.sort.by, direction: sorting.sort.direction })
  const send = useSend((contract_ids: string[] | null) => api.post<DraftedEnds>(LIST, { contract_ids }, { idempotencyKey: key() }))
  const chosen = list.items.filter((row) => selected.has(row.contract_id)).map((row) => row.contract_id)
  const draft = async (ids: string[] | null) => {
    if (!(await send.run(ids))?.ok) return
    renew()
    setSelected(new Set())
    await refresh('/office')
  }
  const columns: Col<OtherEnd>[] = [
    { id: 'child', sort: 'child', header: t('rule.child'), fixed: true, text: (row) => row.child, cell: (row) => <Link to={to(`/amt/kinder/${row.child_id}`)}>{words.childLabel(row.child)}</Link> },
    { id: 'facility', sort: 'facility', header: t('rule.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'state', header: t('rule.state'), text: (row) => words.contractState(row.state), cell: (row) => words.contractState(row.state) },
    { id: 'from', sort: 'start', header: t('rule.from'), hidden: true, text: (row) => row.care_from, cell: (row) => <span className="kp-num">{format.date(row.care_from)}</span> },
    { id: 'last', sort: 'last', header: t('rule.lastDay'), text: (row) => row.last_day, cell: (row) => <span className="kp-num">{format.date(row.last_day)}</span> },
    { id: 'next', sort: 'next', header: t('rule.nextDay'), text: (row) => row.usual_last_day, cell: (row) => <span className="kp-num">{format.date(row.usual_last_day)}</span> },
    { id: 'hindrance', header: t('rule.possible'), text: (row) => (row.hindrance ? t(`rule.hindrance.${row.hindrance}`) : t('rule.yes')), cell: (row) => (row.hindrance ? t(`rule.hindrance.${row.hindrance}`) : t('rule.yes')) },
  ]
  const apart = individual(list.pages[0]?.individual ?? 0)
  const anyOpen = list.items.some((row) => !row.hindrance)
  return (
    <Page title={t('rule.title')} lead={t('rule.lead')} width="full">
      {apart && <p className="kern-body">{apart}</p>}
      <ProblemView problem={send.error} />
      {send.result && <Outcome result={send.result} />}
      <DataTable
        name="schulbeginn"
        caption={t('rule.title')}
        columns={columns}
        list={list}
        sorting={sorting}
        rowKey={(row) => row.contract_id}
        rowTitle={(row) => words.childLabel(row.child)}
        {...(mayWrite ? { selection: { selected, onChange: (next: Set<string>) => { renew(); setSelected(next) } } } : {})}
        empty={{ title: t('rule.empty'), text: t('rule.emptyText') }}
        tools={mayWrite && anyOpen && (
          <div className="kp-bulk" role="group" aria-label={t('rule.draftTitle')}>
            {chosen.length > 0
              ? <Button small busy={send.busy} onClick={() => void draft(chosen.slice(0, MOST))}>{t('rule.draft', { count: Math.min(chosen.length, MOST) })}</Button>
              : <Button small kind="secondary" busy={send.busy} onClick={() => void draft(null)}>{t('rule.draftAll')}</Button>}
          </div>
        )}
      />
    </Page>
  )
}
