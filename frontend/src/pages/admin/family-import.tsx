import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FamilyReport, RowReport, RowState } from '../../api/claim-types'
import { useApi } from '../../api/context'
import { useRefresh, useSend } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { useFaultWords } from '../../lib/faults'
import { Actions, Alert, Button, ButtonLink, Checkbox, ErrorSummary, Link, Page, Section, Select } from '../../ui'
import { DataTable, saveText, toCsv, useFormat, type Col } from '../../staff'
import { FamilyMappingSection } from './family-mapping'

const LIMIT = 32 * 1024 * 1024
const SHOWN = 200
const STATES: RowState[] = ['faulty', 'duplicate', 'known_differs', 'known', 'new']
const FIGURES = ['rows', 'new', 'contracts', 'known', 'known_differs', 'duplicates', 'faulty'] as const

/** A fault in words, with the column it is in. */
function useFault(): (fault: RowReport['faults'][number]) => string {
  const { t } = useTranslation('imports')
  const words = useFaultWords()
  return (fault) => t('faultOf', { column: fault.column, fault: words(fault) })
}

function Rows({ report }: { report: FamilyReport }): JSX.Element {
  const { t } = useTranslation('imports')
  const format = useFormat()
  const to = useTo()
  const fault = useFault()
  const words = useFaultWords()
  const [state, setState] = useState<RowState | ''>(report.faulty > 0 ? 'faulty' : '')
  const items = report.items.filter((row) => !state || row.state === state)
  const shown = items.slice(0, SHOWN)
  // A line a fault, so that whoever mends the list can sort it by column.
  const faults = report.items.flatMap((row) => row.faults.map((one) => [row.row, row.source_id, one.column, words(one)]))
  const saveFaults = () => saveText('fehler.csv', toCsv([[t('col.row'), t('col.id'), t('col.column'), t('state.faulty')], ...faults]))
  const detail = (row: RowReport) => row.faults.map(fault).join('; ')
  const columns: Col<RowReport>[] = [
    { id: 'row', header: t('col.row'), fixed: true, numeric: true, text: (row) => row.row, cell: (row) => format.number(row.row) },
    { id: 'id', header: t('col.id'), text: (row) => row.source_id, cell: (row) => row.source_id || '–' },
    { id: 'state', header: t('col.state'), text: (row) => t(`state.${row.state}`), cell: (row) => t(`state.${row.state}`) },
    { id: 'detail', header: t('col.detail'), text: detail, cell: (row) => (row.child_id ? <Link to={to(`/amt/kinder/${row.child_id}`)}>{t('openChild')}</Link> : detail(row) || '–') },
  ]
  const list = { items: shown, total: shown.length, isPending: false, error: null, refetch: () => undefined }
  return (
    <Section title={t('rows')}>
      <Select label={t('filter')} empty={t('filterAll')} optional value={state} onChange={(value) => setState(value)} options={STATES.map((value) => ({ value, label: t(`state.${value}`) }))} />
      {faults.length > 0 && <Actions><Button kind="secondary" small onClick={saveFaults}>{t('faultsFile')}</Button></Actions>}
      {items.length > SHOWN && <p className="kern-body">{t('shown', { count: SHOWN, total: format.number(items.length) })}</p>}
      <DataTable name="familien-import" caption={t('rows')} columns={columns} list={list} rowKey={(row) => String(row.row)} empty={{ title: t('nothingNew') }} />
    </Section>
  )
}

function Outcome({ report, dry }: { report: FamilyReport; dry: boolean }): JSX.Element {
  const { t } = useTranslation('imports')
  const format = useFormat()
  const to = useTo()
  const fault = useFault()
  if (report.list_faults.length > 0) {
    return <Alert tone="danger" live title={t('unreadable')}><ul>{report.list_faults.map((one) => <li key={one.column + one.code}>{fault(one)}</li>)}</ul></Alert>
  }
  return (
    <>
      {report.written && <Alert tone="success" live title={t('done', { count: report.new })}><ButtonLink kind="secondary" to={to('/amt/zugang')}>{t('toCodes')}</ButtonLink></Alert>}
      {!report.written && report.faulty > 0 && <Alert tone="warning" live title={t('bad', { count: report.faulty })} />}
      {!report.written && report.faulty === 0 && <Alert tone={dry && report.new > 0 ? 'success' : 'info'} live title={report.new > 0 ? t('good') : t('nothingNew')} />}
      <ul className="kp-figures">
        {FIGURES.map((name) => <li key={name} className="kp-figure"><span className="kp-figure__value">{format.number(report[name])}</span><span className="kp-figure__label">{t(`figure.${name}`)}</span></li>)}
      </ul>
      <Rows key={`${report.written}${report.rows}${report.faulty}`} report={report} />
    </>
  )
}

/** Families and demands of another system: a trial row by row, then the real run. */
export function FamilyImportPage(): JSX.Element {
  const { t } = useTranslation('imports')
  const api = useApi()
  const refresh = useRefresh()
  const [file, setFile] = useState<File | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [leaveOut, setLeaveOut] = useState(false)
  const [dry, setDry] = useState(true)
  const send = useSend(async (trial: boolean) => api.post<FamilyReport>('/admin/imports/families', file ?? '', { contentType: 'text/csv', query: { dry_run: trial ? 'true' : 'false', leave_out_faulty: leaveOut ? 'true' : 'false' } }))
  const report = send.result
  const run = async (trial: boolean) => {
    if (!file) { setWrong(t('needFile')); return }
    setDry(trial)
    const answer = await send.run(trial)
    if (answer?.ok && !trial) await refresh('/office')
  }
  const onFile = (next: File | undefined) => {
    send.clear()
    setWrong(next && next.size > LIMIT ? t('tooLarge') : null)
    setFile(next && next.size <= LIMIT ? next : null)
  }
  const ready = report !== null && dry && report.new > 0 && report.list_faults.length === 0 && (report.faulty === 0 || leaveOut)
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <ErrorSummary errors={wrong ? [{ id: 'family-file', message: wrong }] : []} problem={send.error} />
      <div className="kp-form kp-page--text">
        <p className="kern-body"><a className="kern-link" href={api.url('/admin/imports/families/template.csv')} download="familien.csv">{t('template')}</a></p>
        <p className="kern-body"><a className="kern-link" href={api.url('/admin/imports/families/template.csv', { example: 'true' })} download="familien-beispiel.csv">{t('example')}</a></p>
        <div className="kern-form-input">
          <label className="kern-label" htmlFor="family-file">{t('file')}</label>
          <div className="kern-hint" id="family-file-hint">{t('fileHint')}</div>
          <input id="family-file" type="file" accept=".csv,text/csv" aria-describedby="family-file-hint" onChange={(event) => onFile(event.target.files?.[0])} />
        </div>
        <Checkbox id="leave_out" label={t('leaveOut')} checked={leaveOut} onChange={setLeaveOut} />
        <div className="kp-actions">
          <Button kind={ready ? 'secondary' : 'primary'} busy={send.busy} onClick={() => void run(true)}>{t('try')}</Button>
          {ready && <Button busy={send.busy} onClick={() => void run(false)}>{t('run', { count: report.new })}</Button>}
        </div>
      </div>
      <div role="status">{send.busy && <p className="kern-body">{t('busy')}</p>}</div>
      {report && <Outcome report={report} dry={dry} />}
      <FamilyMappingSection onSaved={() => send.clear()} />
    </Page>
  )
}
