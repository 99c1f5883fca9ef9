import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { keyOf, useGet, useIdempotencyKey, useSend } from '../../api/hooks'
import type { SchoolEntry, SchoolEntryKind } from '../../api/aftercare-types'
import { useQueryClient } from '@tanstack/react-query'
import { toIso, toParts, today } from '../../lib/dates'
import { Alert, Button, DateField, ErrorSummary, Loaded, RadioGroup, Section, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { useMayWrite } from '../office/rights'

function Form({ child, entry, onDone, onCancel }: { child: string; entry: SchoolEntry; onDone: (next: SchoolEntry) => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const kinds: SchoolEntryKind[] = entry.decision && entry.decision.kind !== 'by_rule' ? ['by_rule', 'deferral', 'early'] : ['deferral', 'early']
  const [kind, setKind] = useState<SchoolEntryKind>(kinds[0] ?? 'deferral')
  const [day, setDay] = useState(() => toParts(today()))
  const [note, setNote] = useState('')
  const decided = toIso(day)
  const send = useSend(() => api.post<SchoolEntry>(`/office/children/${child}/school-entry`, { kind, decided_on: decided, note: note.trim() || null }, { idempotencyKey: key() }))
  const errors = fieldErrors(send.error)
  if (!decided) errors['decided_on'] = common('form.wrongDate')
  const submit = async () => {
    if (!decided) return
    const answer = await send.run()
    if (answer?.ok) onDone(answer.value)
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { kind: t('school.kind'), decided_on: t('school.decidedOn'), note: t('school.note') })} problem={send.error} />
      <RadioGroup label={t('school.kind')} value={kind} onChange={(value) => { renew(); setKind(value) }} options={kinds.map((value) => ({ value, label: t(`school.kinds.${value}`) }))} />
      <DateField id="decided_on" label={t('school.decidedOn')} value={day} onChange={(value) => { renew(); setDay(value) }} error={errors['decided_on'] ?? null} />
      <TextField id="note" label={t('school.note')} hint={t('school.noteHint')} optional maxLength={500} value={note} onChange={(value) => { renew(); setNote(value) }} error={errors['note'] ?? null} />
      <p className="kern-body">{t('school.consequence')}</p>
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('school.record')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}

function Known({ child, path, entry }: { child: string; path: string; entry: SchoolEntry }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const api = useApi()
  const client = useQueryClient()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const [open, setOpen] = useState(false)
  const [done, setDone] = useState<SchoolEntry | null>(null)
  const { decision } = entry
  const saved = (next: SchoolEntry) => { client.setQueryData(keyOf(api, path), next); setOpen(false); setDone(next) }
  return (
    <>
      {done && <Alert tone={done.not_followed > 0 ? 'warning' : 'success'} live title={t('school.recorded')}>{done.not_followed > 0 && <p className="kern-body">{t('school.notFollowed', { count: done.not_followed })}</p>}</Alert>}
      <p className="kern-body"><strong>{format.date(entry.entry_on)}</strong>{' '}
        {decision && decision.kind !== 'by_rule'
          ? t('school.decided', { kind: t(`school.kinds.${decision.kind}`), date: format.date(decision.decided_on), rule: format.date(entry.by_rule) })
          : t('school.byRule')}
      </p>
      {decision && <p className="kp-small kp-muted">{t('school.by', { name: decision.recorded_by ?? '–', date: format.date(decision.recorded_at) })}{decision.note && `: ${decision.note}`}</p>}
      {entry.claim_from_entry && <p className="kern-body">{t('school.claim')}</p>}
      {mayWrite && !open && <div><Button small kind="secondary" icon="edit" onClick={() => { setDone(null); setOpen(true) }}>{t('school.change')}</Button></div>}
      {mayWrite && open && <Form child={child} entry={entry} onDone={saved} onCancel={() => setOpen(false)} />}
    </>
  )
}

/** When school begins for a child, and a decision that differs from the key date. */
export function SchoolEntrySection({ child }: { child: string }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const path = `/office/children/${child}/school-entry`
  const query = useGet<SchoolEntry>(path)
  return <Section title={t('school.title')}><Loaded query={query} lines={2}>{(entry) => <Known child={child} path={path} entry={entry} />}</Loaded></Section>
}
