import { useCallback, useId, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/client'
import { EmptyState, ErrorState, Icon, LoadMore, ProblemView } from '../ui'
import { useAddress, type Sorting } from './address'
import { DownloadMenu } from './download'
import { Filtered } from './filters'
import { KeyHelp, useRowKeys } from './keyboard'
import { useOwnOrder } from './order'
import { countOf } from './shown'
import { useSetting } from './store'

export type Col<T> = {
  id: string
  header: string
  cell: (row: T) => ReactNode
  /** What the column says in a file; without it the column is not in the file. */
  text?: (row: T) => string | number | null
  numeric?: boolean
  /** Name of the sorting at the API. */
  sort?: string
  /** Not shown until somebody chooses the column. */
  hidden?: boolean
  /** Cannot be switched off: it names the row or acts on it. */
  fixed?: boolean
}
export type ListState<T> = {
  items: T[]
  total: number | null
  isPending: boolean
  error: ApiError | null
  refetch: () => unknown
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  fetchNextPage?: () => unknown
  /** All rows of the list, for a file. */
  all?: () => Promise<T[]>
}
type Props<T> = {
  /** Names the settings of this table in the browser and the exported file. */
  name: string
  caption: string
  columns: Col<T>[]
  list: ListState<T>
  rowKey: (row: T) => string
  /** The first column is a button that opens the row; its words come from here. */
  rowTitle?: (row: T) => string
  openId?: string | null
  onOpen?: (row: T) => void
  onClose?: () => void
  /** Where the server sorts: by the columns that have a `sort`. Else the page does, by every column that says something in a file. */
  sorting?: { sort: Sorting; onSort: (by: string) => void }
  selection?: { selected: ReadonlySet<string>; onChange: (next: Set<string>) => void }
  rowClass?: (row: T) => string
  empty: { title: string; text?: ReactNode; action?: ReactNode }
  /** Names of the filters in the address that can hide rows (`namesOf`). */
  filteredBy?: string[]
  tools?: ReactNode
}

function ColumnChoice<T>({ columns, hidden, onChange }: { columns: Col<T>[]; hidden: string[]; onChange: (next: string[]) => void }): JSX.Element {
  const { t } = useTranslation('staff')
  return (
    <details className="kp-pop kp-pop--end">
      <summary className="kp-tool">{t('table.columns')}<Icon name="down" size={16} /></summary>
      <div className="kp-pop__body">
        {columns.filter((column) => !column.fixed).map((column) => (
          <label className="kp-tick" key={column.id}>
            <input
              type="checkbox"
              checked={!hidden.includes(column.id)}
              onChange={(event) => onChange(event.target.checked ? hidden.filter((id) => id !== column.id) : [...hidden, column.id])}
            />
            {column.header}
          </label>
        ))}
      </div>
    </details>
  )
}

function SkeletonRows({ columns }: { columns: number }): JSX.Element {
  return (
    <>
      {Array.from({ length: 8 }, (_, row) => (
        <tr key={row} aria-hidden="true">{Array.from({ length: columns }, (_, cell) => <td key={cell}><span className="kp-skeleton__line kp-dense__bar" /></td>)}</tr>
      ))}
    </>
  )
}

/** What acts on a row stays in sight while the rest is scrolled sideways. */
const cellClass = <T,>(column: Col<T>): string | undefined =>
  [column.numeric && 'is-numeric', column.fixed && 'kp-dense__end'].filter(Boolean).join(' ') || undefined

function HeadCell<T>({ column, first, sorting }: { column: Col<T>; first: boolean; sorting: Props<T>['sorting'] }): JSX.Element {
  const active = sorting && column.sort === sorting.sort.by ? sorting.sort.direction : null
  const sort = column.sort
  return (
    <th scope="col" className={first ? undefined : cellClass(column)} aria-sort={sort ? (active === 'asc' ? 'ascending' : active === 'desc' ? 'descending' : 'none') : undefined}>
      {sort && sorting
        ? <button type="button" className="kp-sort" onClick={() => sorting.onSort(sort)}>{column.header}<span aria-hidden="true">{active === 'asc' ? ' ▲' : active === 'desc' ? ' ▼' : ' ↕'}</span></button>
        : column.header}
    </th>
  )
}

/** On a phone the head of the table is gone, so the order is chosen here. */
function SortChoice<T>({ columns, sorting, canRest }: { columns: Col<T>[]; sorting: NonNullable<Props<T>['sorting']>; canRest: boolean }): JSX.Element {
  const { t } = useTranslation('staff')
  const id = useId()
  const name = (by: string) => columns.find((column) => column.sort === by)?.header ?? by
  return (
    <div className="kp-sortchoice">
      <label htmlFor={id}>{t('table.sort')}</label>
      <select id={id} value={sorting.sort.by} onChange={(event) => sorting.onSort(event.target.value)}>
        {(canRest || !columns.some((column) => column.sort === sorting.sort.by)) && <option value={canRest ? '' : sorting.sort.by}>{t('table.given')}</option>}
        {columns.flatMap((column) => (column.sort ? [<option key={column.id} value={column.sort}>{column.header}</option>] : []))}
      </select>
      <button type="button" className="kp-tool" disabled={sorting.sort.by === ''} onClick={() => sorting.onSort(sorting.sort.by)} aria-label={t('table.turn', { column: name(sorting.sort.by) })}>
        <Icon name={sorting.sort.direction === 'asc' ? 'up' : 'down'} size={18} />
      </button>
    </div>
  )
}

/** The dense table of the staff area: sticky head, order, columns, keys, file of exactly what is shown. */
export function DataTable<T>(props: Props<T>): JSX.Element {
  const { name, caption, list, rowKey, rowTitle, openId, onOpen, onClose, selection, rowClass, empty, filteredBy = [], tools } = props
  const { t, i18n } = useTranslation('staff')
  const { values } = useAddress()
  const [hidden, setHidden] = useSetting<string[]>(`columns:${name}`, props.columns.filter((column) => column.hidden).map((column) => column.id))
  const own = useOwnOrder(name, props.columns, list.items, list, !props.sorting)
  const sorting = props.sorting ?? own.sorting
  const columns = props.sorting ? props.columns : props.columns.map((column) => (column.text ? { ...column, sort: column.id } : column))
  const items = own.rows
  const shown = columns.filter((column) => column.fixed || !hidden.includes(column.id))
  const box = useRef<HTMLDivElement>(null)
  const captionId = useId()
  const selected = selection?.selected
  const change = selection?.onChange
  const toggle = useCallback((id: string) => {
    if (!selected || !change) return
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    change(next)
  }, [selected, change])
  const keys = useRowKeys(box, { enabled: Boolean(onOpen), ...(selection ? { onToggle: toggle } : {}), ...(onClose && openId ? { onClose } : {}) })
  const all = items.map(rowKey)
  const allChosen = all.length > 0 && all.every((id) => selected?.has(id))
  const written = shown.filter((column) => column.text)
  const fileRows = async () => own.order(await (list.all?.() ?? list.items)).map((row) => written.map((column) => column.text?.(row)))
  if (list.error && list.items.length === 0) return <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
  const waiting = list.isPending || own.waits
  // Of nothing there is nothing to sort or to save.
  const hasTools = waiting || items.length > 0
  const counted = (count: number) => t(`rows.${countOf(name)}`, { count, number: new Intl.NumberFormat(i18n.language).format(count) })
  const count = list.total === null && list.hasNextPage ? t('table.first', { count: list.items.length }) : counted(list.total ?? list.items.length)
  return (
    <div className="kp-dense-wrap">
      <div className="kp-dense-tools">
        <p className="kp-dense-count" role="status">{waiting ? t('table.loading') : count}</p>
        {tools}
        <span className="kp-spacer" />
        {hasTools && columns.some((column) => column.sort) && <SortChoice columns={columns} sorting={sorting} canRest={!props.sorting} />}
        {hasTools && <ColumnChoice columns={columns} hidden={hidden} onChange={setHidden} />}
        {hasTools && <DownloadMenu name={name} title={caption} what={count} headers={written.map((column) => column.header)} rows={fileRows} disabled={waiting} />}
        {onOpen && <button type="button" className="kp-tool kp-tool--keys" onClick={() => keys.setHelp(true)} aria-label={t('keys.title')}><kbd>?</kbd></button>}
      </div>
      {!waiting && list.items.length === 0
        ? filteredBy.some((filter) => values[filter])
          ? <Filtered by={filteredBy} />
          : <EmptyState title={empty.title} action={empty.action}>{empty.text && <p>{empty.text}</p>}</EmptyState>
        : (
          <div className="kp-dense-box" ref={box} role="region" aria-labelledby={captionId} aria-busy={waiting} tabIndex={0}>
            <table className="kp-dense" lang={i18n.language}>
              <caption className="kern-sr-only" id={captionId}>{caption}</caption>
              <thead>
                <tr>
                  {selection && <th scope="col" className="kp-dense__pick"><input type="checkbox" checked={allChosen} aria-label={t('table.selectAll')} onChange={() => selection.onChange(new Set(allChosen ? [] : all))} /></th>}
                  {shown.map((column, index) => <HeadCell key={column.id} column={column} first={index === 0} sorting={sorting} />)}
                </tr>
              </thead>
              <tbody>
                {waiting && <SkeletonRows columns={shown.length + (selection ? 1 : 0)} />}
                {!own.waits && items.map((row) => {
                  const id = rowKey(row)
                  return (
                    <tr key={id} data-row={id} className={`${openId === id ? 'is-open' : ''} ${rowClass?.(row) ?? ''}`}>
                      {selection && <td className="kp-dense__pick"><input type="checkbox" checked={selected?.has(id) ?? false} aria-label={t('table.select', { what: rowTitle?.(row) ?? id })} onChange={() => toggle(id)} /></td>}
                      {shown.map((column, index) => index === 0
                        ? (
                          <th scope="row" key={column.id} data-label={column.header}>
                            {onOpen
                              ? <button type="button" className="kp-dense__open" data-open aria-expanded={openId === undefined ? undefined : openId === id} onClick={() => onOpen(row)}>{column.cell(row)}</button>
                              : column.cell(row)}
                          </th>
                        )
                        : <td key={column.id} data-label={column.header} className={cellClass(column)}>{column.cell(row)}</td>)}
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        )}
      {items.length > 0 && <ProblemView problem={list.error} />}
      {!waiting && items.length > 0 && list.hasNextPage && list.fetchNextPage && (
        <LoadMore shown={list.items.length} total={list.total} hasMore busy={list.isFetchingNextPage ?? false} onMore={() => void list.fetchNextPage?.()} />
      )}
      <KeyHelp open={keys.help} onClose={() => keys.setHelp(false)} selectable={Boolean(selection)} />
    </div>
  )
}
