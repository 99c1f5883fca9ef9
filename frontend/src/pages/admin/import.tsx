import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useRefresh, useSend } from '../../api/hooks'
import type { ImportReport } from '../../api/types'
import { useFaultWords } from '../../lib/faults'
import { Alert, Button, ErrorSummary, Page, Section, Select } from '../../ui'
import { DataTable, useFormat, type Col } from '../../staff'

type Mapping = '' | 'kitaplatz' | 'german'
const MAPPINGS: Mapping[] = ['kitaplatz', 'german']
const LIMIT = 10 * 1024 * 1024
type Note = ImportReport['errors'][number]
type Line = Note & { key: string }

function Notes({ name, caption, notes }: { name: string; caption: string; notes: Note[] }): JSX.Element {
  const { t } = useTranslation('admin')
  const format = useFormat()
  const words = useFaultWords()
  const lines: Line[] = notes.map((note, index) => ({ ...note, key: String(index) }))
  const columns: Col<Line>[] = [
    { id: 'row', header: t('import.row'), fixed: true, text: (line) => line.row, cell: (line) => format.number(line.row) },
    { id: 'column', header: t('import.column'), text: (line) => line.column, cell: (line) => <code>{line.column}</code> },
    { id: 'detail', header: t('import.problem'), text: words, cell: words },
  ]
  const list = { items: lines, total: lines.length, isPending: false, error: null, refetch: () => undefined }
  return (
    <Section title={caption}>
      <DataTable name={name} caption={caption} columns={columns} list={list} rowKey={(line) => line.key} empty={{ title: t('import.noErrors') }} />
    </Section>
  )
}

function Report({ report }: { report: ImportReport }): JSX.Element {
  const { t } = useTranslation('admin')
  const format = useFormat()
  const figures = [...(['rows', 'created', 'updated', 'unchanged'] as const).map((name) => ({ name, value: report[name] })), { name: 'errors' as const, value: report.errors.length }]
  const warnings = report.warnings ?? []
  return (
    <>
      <ul className="kp-figures">
        {figures.map(({ name, value }) => <li key={name} className="kp-figure"><span className="kp-figure__value">{format.number(value)}</span><span className="kp-figure__label">{t(`import.figure.${name}`)}</span></li>)}
      </ul>
      {report.errors.length > 0 && <Notes name="import-fehler" caption={t('import.errors')} notes={report.errors} />}
      {warnings.length > 0 && <Notes name="import-hinweise" caption={t('import.warnings')} notes={warnings} />}
    </>
  )
}

/** A list of facilities: first a trial that changes nothing, with every fault by row, then the real run. */
export function ImportPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const refresh = useRefresh()
  const [file, setFile] = useState<File | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [mapping, setMapping] = useState<Mapping>('')
  const send = useSend(async (dry: boolean) => {
    const text = file ? await file.text() : ''
    return api.post<ImportReport>('/admin/imports/facilities', text, { contentType: 'text/csv', query: { dry_run: dry ? 'true' : 'false', mapping } })
  })
  const report = send.result
  const run = async (dry: boolean) => {
    if (!file) { setWrong(t('import.needFile')); return }
    const answer = await send.run(dry)
    if (answer?.ok && !dry) await refresh('/facilities', '/admin/providers')
  }
  const onFile = (next: File | undefined) => {
    send.clear()
    setWrong(next && next.size > LIMIT ? t('import.tooLarge') : null)
    setFile(next && next.size <= LIMIT ? next : null)
  }
  const clean = report !== null && report.errors.length === 0
  return (
    <Page title={t('import.title')} lead={t('import.lead')} width="full">
      <ErrorSummary errors={wrong ? [{ id: 'list-file', message: wrong }] : []} problem={send.error} />
      <div className="kp-form kp-page--text">
        <div className="kern-form-input">
          <label className="kern-label" htmlFor="list-file">{t('import.file')}</label>
          <div className="kern-hint" id="list-file-hint">{t('import.fileHint')}</div>
          <input id="list-file" type="file" accept=".csv,text/csv" aria-describedby="list-file-hint" onChange={(event) => onFile(event.target.files?.[0])} />
        </div>
        <Select label={t('import.mapping')} hint={t('import.mappingHint')} optional empty={t('import.guess')} value={mapping} onChange={(value) => { send.clear(); setMapping(value) }} options={MAPPINGS.map((value) => ({ value, label: t(`import.map.${value as 'german'}`) }))} />
        <div className="kp-actions">
          <Button kind={report?.dry_run && clean ? 'secondary' : 'primary'} busy={send.busy} onClick={() => void run(true)}>{t('import.try')}</Button>
          {report?.dry_run && clean && <Button busy={send.busy} onClick={() => void run(false)}>{t('import.run', { count: report.rows })}</Button>}
        </div>
      </div>
      <div role="status">{send.busy && <p className="kern-body">{t('import.busy')}</p>}</div>
      {report && (
        <>
          {report.dry_run
            ? <Alert tone={clean ? 'success' : 'warning'} live title={clean ? t('import.dryGood') : t('import.dryBad', { count: report.errors.length })} />
            : <Alert tone={clean ? 'success' : 'danger'} live title={clean ? t('import.done') : t('import.nothing')} />}
          <Report report={report} />
        </>
      )}
    </Page>
  )
}
