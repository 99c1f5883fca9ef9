import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useGet, useRefresh, useSend } from '../../../api/hooks'
import type { Register, RegisterImport } from '../../../api/notice-types'
import { hasRole, useSession } from '../../../app/session'
import { useFaultWords } from '../../../lib/faults'
import { Alert, Button, ErrorState, Page, ProblemView, Section, Skeleton } from '../../../ui'
import { useFormat } from '../../../staff'

function Upload(): JSX.Element {
  const { t } = useTranslation('file')
  const api = useApi()
  const refresh = useRefresh()
  const [file, setFile] = useState<File | null>(null)
  const send = useSend(async (list: File) => {
    const answer = await api.post<RegisterImport>('/admin/imports/register', await list.text(), { contentType: 'text/csv' })
    await refresh('/office/register')
    return answer
  })
  const words = useFaultWords()
  const result = send.result
  return (
    <Section title={t('register.upload')}>
      <div className="kern-form-input">
        <label className="kern-label" htmlFor="register-file">{t('register.file')}</label>
        <div className="kern-hint" id="register-file-hint">{t('register.fileHint')}</div>
        <input id="register-file" type="file" accept=".csv,text/csv" aria-describedby="register-file-hint" onChange={(event) => { send.clear(); setFile(event.target.files?.[0] ?? null) }} />
      </div>
      <ProblemView problem={send.error} />
      {result && result.errors.length === 0 && <Alert tone="success" live title={t('register.done', { count: result.entries })} />}
      {result && result.errors.length > 0 && (
        <Alert tone="warning" live title={t('register.faulty')}>
          <ul>{result.errors.slice(0, 20).map((note) => <li key={`${note.row}${note.column}${note.code}`}>{t('register.row', { row: note.row, column: note.column || '–', detail: words(note) })}</li>)}</ul>
        </Alert>
      )}
      <div className="kp-actions"><Button busy={send.busy} disabled={!file} onClick={() => { if (file) void send.run(file) }}>{t('register.send')}</Button></div>
    </Section>
  )
}

/** The extract of the register of residents that children are compared with. */
export function RegisterPage(): JSX.Element {
  const { t } = useTranslation('file')
  const format = useFormat()
  const { session } = useSession()
  const query = useGet<Register>('/office/register')
  const data = query.data
  return (
    <Page title={t('register.title')} lead={t('register.lead')}>
      {!data && (query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={1} lines={3} />)}
      {data && !data.list && <Alert tone="info" title={t('register.none')}><p className="kern-body">{t('register.noneText')}</p></Alert>}
      {data?.list && (
        <>
          <p className="kern-body">{t('register.now', { entries: format.number(data.list.entries), date: format.dateTime(data.list.uploaded_at), name: data.list.uploaded_by })}</p>
          {!data.list.usable && <Alert tone="warning" title={t('register.old')} />}
        </>
      )}
      {data && <p className="kern-body">{t('register.kept', { days: data.usable_days })}</p>}
      {hasRole(session, ['tenant_admin']) && <Upload />}
    </Page>
  )
}
