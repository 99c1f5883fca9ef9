import { useEffect, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button'
import { Alert } from './feedback'
import { Table } from './surface'

/** The rows of a list on one side of a comparison: those that the other side has not, and how many are the same. */
export function Lines({ own, other }: { own: string[]; other: string[] }): JSX.Element | null {
  const { t } = useTranslation()
  const fresh = own.filter((line) => !other.includes(line))
  // The same rows in another order are shown whole, else nothing would be seen.
  const sameRows = fresh.length === 0 && other.every((line) => own.includes(line))
  const shown = sameRows ? own : fresh
  const rest = own.length - shown.length
  if (own.length === 0) return null
  return (
    <ul className="kp-plain-list">
      {shown.map((line, n) => <li key={n}>{line}</li>)}
      {rest > 0 && <li className="kp-muted">{t('conflict.same', { count: rest })}</li>}
    </ul>
  )
}

export type ConflictRow = { id: string; label: ReactNode; mine: ReactNode; theirs: ReactNode }

/** Somebody else was faster: both versions side by side, and nothing typed is lost. */
export function Conflict({ rows, busy, onKeepMine, onTakeTheirs }: { rows: ConflictRow[]; busy?: boolean; onKeepMine: () => void; onTakeTheirs: () => void }): JSX.Element {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  // The button that was pressed may be a screen further down.
  useEffect(() => { place.current?.focus() }, [])
  const shown = (value: ReactNode) => (value === '' || value === null || value === undefined || value === false ? <span className="kp-muted">{t('conflict.empty')}</span> : value)
  return (
    <div ref={place} tabIndex={-1}>
    <Alert tone="warning" live title={t('conflict.title')}>
      <p className="kern-body">{t('conflict.text')}</p>
      {rows.length > 0 && <Table
        cards
        caption={t('conflict.title')}
        hideCaption
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { id: 'field', header: t('conflict.field'), rowHeader: true, cell: (row) => row.label },
          { id: 'mine', header: t('conflict.mine'), cell: (row) => shown(row.mine) },
          { id: 'theirs', header: t('conflict.theirs'), cell: (row) => shown(row.theirs) },
        ]}
      />}
      <div className="kp-actions">
        <Button busy={busy ?? false} onClick={onKeepMine}>{t('conflict.keepMine')}</Button>
        <Button kind="secondary" onClick={onTakeTheirs}>{t('conflict.takeTheirs')}</Button>
      </div>
    </Alert>
    </div>
  )
}
