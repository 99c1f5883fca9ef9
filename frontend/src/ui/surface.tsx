import { useEffect, useId, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link as RouterLink } from 'react-router'
import { IconButton } from './button'

type CardProps = { title?: ReactNode; level?: 2 | 3 | 4; children?: ReactNode; footer?: ReactNode; strong?: boolean; as?: 'div' | 'li' | 'section' | 'article' }
export function Card({ title, level = 2, children, footer, strong = false, as: Tag = 'div' }: CardProps): JSX.Element {
  const Heading = `h${level}` as 'h2'
  return (
    <Tag className={`kern-card kern-card--hug kp-card ${strong ? 'kp-card--strong' : ''}`}>
      <div className="kern-card__container">
        {title && <div className="kern-card__header"><Heading className="kern-title kp-card__title">{title}</Heading></div>}
        {children && <div className="kern-card__body kp-card__body">{children}</div>}
        {footer && <div className="kern-card__footer kp-actions">{footer}</div>}
      </div>
    </Tag>
  )
}

export type Task = { id: string; title: string; to: string; status: ReactNode; hint?: ReactNode; disabled?: boolean }
/** A list of sections with a state each; every section is a page of its own. */
export function TaskList({ tasks }: { tasks: Task[] }): JSX.Element {
  return (
    <ol className="kp-tasks">
      {tasks.map((task, index) => (
        <li className="kp-task" key={task.id}>
          <span className="kp-task__number" aria-hidden="true">{index + 1}</span>
          <div className="kp-task__text">
            {task.disabled
              ? <span className="kern-body kp-task__title" id={`task-${task.id}`}>{task.title}</span>
              : <RouterLink className="kern-link kp-task__title" to={task.to} aria-describedby={`task-${task.id}-status`}>{task.title}</RouterLink>}
            {task.hint && <div className="kern-hint">{task.hint}</div>}
          </div>
          <div className="kp-task__status" id={`task-${task.id}-status`}>{task.status}</div>
        </li>
      ))}
    </ol>
  )
}

export type Column<T> = {
  id: string
  header: ReactNode
  cell: (row: T) => ReactNode
  numeric?: boolean
  /** The cell that names the row. */
  rowHeader?: boolean
  sort?: { direction: 'asc' | 'desc' | null; onSort: () => void }
}
type TableProps<T> = {
  caption: ReactNode
  hideCaption?: boolean
  columns: Column<T>[]
  rows: T[]
  rowKey: (row: T) => string
  rowProps?: (row: T) => Record<string, unknown>
  small?: boolean
  /** On a phone each row is a card of its own, for lists; a grid of numbers is scrolled instead. */
  cards?: boolean
}
/** A table that scrolls inside its own box when the screen is narrow, or turns into cards. */
export function Table<T>({ caption, hideCaption, columns, rows, rowKey, rowProps, small = true, cards = false }: TableProps<T>): JSX.Element {
  const id = useId()
  return (
    <div className={`kern-table-responsive kp-table ${cards ? 'kp-table--cards' : ''}`} role="region" aria-labelledby={id} tabIndex={0}>
      <table className={`kern-table ${small ? 'kern-table--small' : ''}`}>
        <caption className={hideCaption ? 'kern-sr-only' : 'kern-title'} id={id}>{caption}</caption>
        <thead className="kern-table__head">
          <tr className="kern-table__row">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={`kern-table__header ${column.numeric ? 'kern-table__header--numeric' : ''}`}
                aria-sort={column.sort ? (column.sort.direction === 'asc' ? 'ascending' : column.sort.direction === 'desc' ? 'descending' : 'none') : undefined}
              >
                {column.sort
                  ? <button type="button" className="kp-sort" onClick={column.sort.onSort}>{column.header}<span aria-hidden="true">{column.sort.direction === 'asc' ? ' ▲' : column.sort.direction === 'desc' ? ' ▼' : ' ↕'}</span></button>
                  : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="kern-table__body">
          {rows.map((row) => (
            <tr className="kern-table__row" key={rowKey(row)} {...rowProps?.(row)}>
              {columns.map((column) => column.rowHeader
                ? <th key={column.id} scope="row" className="kern-table__header">{column.cell(row)}</th>
                : <td key={column.id} data-label={typeof column.header === 'string' ? column.header : undefined} className={`kern-table__cell ${column.numeric ? 'kern-table__cell--numeric' : ''}`}>{column.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type DialogProps = { open: boolean; title: string; onClose: () => void; children: ReactNode; footer: ReactNode }
const REACHED = 'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])'
const wayTo = (element: Element | null): Element[] => (element && element !== document.body ? [element, ...wayTo(element.parentElement)] : [])

/** Puts a focus that got lost back to where it came from: what opened the dialog, else what is nearest to where that was. */
function backOn(way: Element[]): void {
  if (document.activeElement && document.activeElement !== document.body) return
  for (const at of way) {
    if (!at.isConnected || at.matches('main, [id="root"]')) continue
    const target = at.matches(REACHED) ? at : at.querySelector(REACHED)
    if (target instanceof HTMLElement) return target.focus({ preventScroll: true })
  }
  document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
}

/** The browser's own modal: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ open, title, onClose, children, footer }: DialogProps): JSX.Element {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = ref.current
    if (!dialog || !open) return undefined
    const way = wayTo(document.activeElement)
    if (!dialog.open) dialog.showModal()
    return () => {
      if (dialog.isConnected && dialog.open) dialog.close()
      // After what was done has changed the page.
      setTimeout(() => backOn(way))
    }
  }, [open])
  return (
    <dialog className="kern-dialog" ref={ref} aria-labelledby={titleId} onClose={onClose} onCancel={onClose}>
      {open && (
        <>
          <div className="kern-dialog__header">
            <h2 className="kern-title kern-title--large" id={titleId}>{title}</h2>
            <IconButton icon="close" label={t('action.close')} onClick={onClose} />
          </div>
          <div className="kern-dialog__body">{children}</div>
          <div className="kern-dialog__footer">{footer}</div>
        </>
      )}
    </dialog>
  )
}

export type Fact = { id: string; term: ReactNode; value: ReactNode; action?: ReactNode }
/** Pairs of a question and its answer, with a way to change each where that is possible. */
export function Facts({ items }: { items: Fact[] }): JSX.Element {
  return (
    <dl className="kern-description-list kp-facts">
      {items.map((item) => (
        <div className="kern-description-list-item kp-facts__item" key={item.id}>
          <dt className="kern-description-list-item__key">{item.term}</dt>
          <dd className="kern-description-list-item__value"><div className="kp-facts__value">{item.value}</div>{item.action}</dd>
        </div>
      ))}
    </dl>
  )
}
