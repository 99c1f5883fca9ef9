import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FamilyMapping } from '../../api/claim-types'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import { Actions, Alert, Button, ErrorState, ErrorSummary, ProblemView, Section, Skeleton, Table, TextArea, useFieldErrors } from '../../ui'

const PATH = '/admin/imports/families/mapping'

function Editor({ saved, onSaved }: { saved: FamilyMapping; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('imports')
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const [text, setText] = useState(() => JSON.stringify(saved.mapping, null, 2))
  const [broken, setBroken] = useState(false)
  const [done, setDone] = useState(false)
  const send = useSend((mapping: unknown) => api.put<FamilyMapping>(PATH, mapping, { version: saved.version }))
  const save = async () => {
    setDone(false)
    let mapping: unknown
    try { mapping = JSON.parse(text) } catch { setBroken(true); return }
    setBroken(false)
    const answer = await send.run(mapping)
    if (!answer?.ok) return
    setDone(true)
    onSaved()
    await refresh('/admin/imports')
  }
  const faults = Object.entries(serverErrors(send.error))
  const errors = broken ? [{ id: 'mapping', message: t('mapping.broken') }] : faults.map(([place, says]) => ({ id: 'mapping', message: `${place}: ${says}` }))
  return (
    <div className="kp-form">
      {errors.length > 0 ? <ErrorSummary errors={errors} /> : <ProblemView problem={send.error} />}
      {done && <Alert tone="success" live title={t('mapping.saved')} />}
      <TextArea id="mapping" label={t('mapping.edit')} hint={t('mapping.editHint')} rows={14} value={text} onChange={setText} error={broken ? t('mapping.broken') : undefined} spellCheck={false} />
      <Actions><Button kind="secondary" busy={send.busy} onClick={() => void save()}>{t('mapping.save')}</Button></Actions>
    </div>
  )
}

/** How the list is read, and every field that one can have. */
export function FamilyMappingSection({ onSaved }: { onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('imports')
  const query = useGet<FamilyMapping>(PATH)
  const saved = query.data
  if (!saved) return <Section title={t('mapping.title')}>{query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={1} lines={4} />}</Section>
  return (
    <Section title={t('mapping.title')}>
      <p className="kern-body">{t('mapping.text')} {saved.version > 0 ? t('mapping.own', { version: saved.version }) : t('mapping.default')}</p>
      <Editor key={saved.version} saved={saved} onSaved={onSaved} />
      <details>
        <summary>{t('mapping.fields')}</summary>
        <Table
          caption={t('mapping.fields')}
          hideCaption
          rows={saved.fields}
          rowKey={(row) => row.name}
          columns={[
            { id: 'name', header: t('mapping.col.name'), rowHeader: true, cell: (row) => <code>{row.name}</code> },
            { id: 'header', header: t('mapping.col.header'), cell: (row) => row.header },
            { id: 'required', header: t('mapping.col.required'), cell: (row) => (row.required ? t('mapping.yes') : '') },
            { id: 'description', header: t('mapping.col.description'), cell: (row) => row.description },
          ]}
        />
      </details>
    </Section>
  )
}
