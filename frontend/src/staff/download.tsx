import { useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { rootApi } from '../api/client'
import { useApi } from '../api/context'
import { useSend } from '../api/hooks'
import { keep } from '../lib/keep'
import { Icon, ProblemView } from '../ui'
import { saveText, toCsv } from './csv'
import { useFormat } from './format'
import { shownList } from './shown'

type Cell = string | number | null | undefined
type Format = 'csv' | 'xlsx' | 'pdf'
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The list as a file, or as a PDF to print: its filters and order, the columns that are shown, and all rows, not only those that were loaded. */
export function DownloadMenu({ name, title, what, headers, rows, disabled }: { name: string; title: string; what: string; headers: string[]; rows: () => Promise<Cell[][]>; disabled: boolean }): JSX.Element {
  const { t } = useTranslation('staff')
  const api = useApi()
  const inWords = useFormat()
  const box = useRef<HTMLDetailsElement>(null)
  // Who runs the installation has no municipality whose log could note it, and sees nobody's data.
  const isOperator = api.base === rootApi.base
  const save = useSend(async (format: Format) => {
    const cells = await rows()
    // A spreadsheet reckons with days and numbers; on paper they are read.
    const onPaper = (cell: Cell) => (typeof cell === 'number' ? inWords.number(cell) : typeof cell === 'string' && DAY.test(cell) ? inWords.date(cell) : cell)
    if (isOperator) saveText(`${name}.csv`, toCsv([headers, ...cells]))
    else keep(await api.postForFile('/staff/table-file', { list: shownList(name), format, title, headers, rows: cells.map((row) => row.map((cell) => (format === 'pdf' ? onPaper(cell) : cell) ?? null)) }), `${name}.${format}`)
  })
  const run = async (format: Format) => {
    const answer = await save.run(format)
    if (answer?.ok && box.current) { box.current.open = false; box.current.querySelector('summary')?.focus() }
  }
  return (
    <details className="kp-pop kp-pop--end" ref={box} onKeyDown={(event) => { if (event.key === 'Escape' && box.current?.open) { event.stopPropagation(); box.current.open = false; box.current.querySelector('summary')?.focus() } }}>
      <summary className="kp-tool"><Icon name="download" size={18} />{t('file.open')}<Icon name="down" size={16} /></summary>
      <div className="kp-pop__body">
        <p className="kp-small">{t('file.what', { what })}</p>
        <ProblemView problem={save.error} />
        {(isOperator ? ['csv' as const] : ['xlsx' as const, 'csv' as const, 'pdf' as const]).map((format) => (
          <button key={format} type="button" className="kp-tool" disabled={disabled || save.busy} onClick={() => void run(format)}>{t(`file.${format}`)}</button>
        ))}
        <p className="kp-small" role="status">{save.busy && t('file.busy')}</p>
      </div>
    </details>
  )
}
