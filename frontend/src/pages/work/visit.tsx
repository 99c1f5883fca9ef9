import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { PreferenceNote, VisitInput, VisitOfPreference } from '../../api/inbox-types'
import type { Items, StaffPreferenceDetail } from '../../api/types'
import { hasRole, useSession } from '../../app/session'
import { berlinInstant } from '../../lib/berlin'
import { addDays, formatTime, toIso, toParts, today } from '../../lib/dates'
import { Alert, Button, DateField, ErrorSummary, ProblemView, TextArea, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'

const LIVE = ['received', 'under_review', 'invited', 'waitlisted', 'paused', 'offered', 'accepted']
const DECIDES = ['facility_manager', 'provider_manager', 'childminder'] as const

function VisitForm({ row, version, start, onDone }: { row: StaffPreferenceDetail; version: number; start: VisitInput | null; onDone: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('visits')
  const { t: common } = useTranslation()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [day, setDay] = useState(toParts(start?.starts_at ? start.starts_at.slice(0, 10) : addDays(today(), 7)))
  const [time, setTime] = useState(start ? formatTime(start.starts_at, i18n.language) : '15:00')
  const [minutes, setMinutes] = useState(String(start?.minutes ?? 60))
  const [place, setPlace] = useState(start?.place ?? row.facility_name)
  const [tried, setTried] = useState(false)
  const at = berlinInstant(toIso(day) ?? '', time.trim())
  const send = useSend((input: VisitInput) => api.put(`/staff/preferences/${row.id}/visit`, input, { version }))
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried && !at ? { starts_at: t('wrongTime') } : {}) }
  const submit = async () => {
    setTried(true)
    if (at && (await send.run({ starts_at: at, minutes: Number(minutes.replace(/\D/g, '')), place: place.trim() }))?.ok) onDone()
  }
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { starts_at: t('day'), minutes: t('minutes'), place: t('place') })} problem={send.error} />
      <DateField id="starts_at" label={t('day')} value={day} onChange={setDay} error={errors['starts_at'] ?? null} />
      <TextField id="visit-time" label={t('time')} hint={t('timeHint')} width="xs" value={time} onChange={setTime} />
      <TextField id="minutes" label={t('minutes')} width="xs" inputMode="numeric" value={minutes} onChange={setMinutes} error={errors['minutes'] ?? null} />
      <TextField id="place" label={t('place')} maxLength={200} value={place} onChange={setPlace} error={errors['place'] ?? null} />
      <p className="kp-small">{t('told')}</p>
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('save')}</Button><Button small kind="secondary" onClick={onDone}>{common('action.cancel')}</Button></div>
    </form>
  )
}

/** The appointment to get to know each other: planned, changed, cancelled. */
export function VisitSection({ row }: { row: StaffPreferenceDetail }): JSX.Element {
  const { t, i18n } = useTranslation('visits')
  const api = useApi()
  const format = useFormat()
  const refresh = useRefresh()
  const { session } = useSession()
  const [open, setOpen] = useState(false)
  const path = `/staff/preferences/${row.id}/visit`
  const query = useGet<VisitOfPreference>(path)
  const visit = query.data?.visit ?? null
  const stands = visit && !visit.cancelled_at
  const cancel = useSend(() => api.delete(path, { version: visit?.version ?? 0 }))
  const may = hasRole(session, [...DECIDES]) && LIVE.includes(row.state)
  return (
    <section className="kp-stack kp-stack--small">
      <h3>{t('title')}</h3>
      <ProblemView problem={query.error ?? cancel.error} />
      {stands && <p className="kern-body"><strong>{format.dateTime(visit.starts_at)}</strong>, {t('lasts', { count: visit.minutes })}<br />{visit.place}</p>}
      {query.data && !stands && <p className="kern-body">{visit ? t('cancelled', { date: format.date(visit.starts_at), time: formatTime(visit.starts_at, i18n.language) }) : t('none')}</p>}
      {may && query.data && !open && (
        <div className="kp-actions">
          <Button small kind="secondary" onClick={() => setOpen(true)}>{stands ? t('change') : t('plan')}</Button>
          {stands && <Button small kind="secondary" danger busy={cancel.busy} onClick={() => void cancel.run().then(() => refresh(path))}>{t('cancel')}</Button>}
        </div>
      )}
      {open && query.data && <VisitForm row={row} version={visit?.version ?? 0} start={stands ? visit : null} onDone={() => { setOpen(false); void refresh(path) }} />}
    </section>
  )
}

/** What staff noted; the family does not see it here, but may ask for it. */
export function NotesSection({ row }: { row: StaffPreferenceDetail }): JSX.Element {
  const { t } = useTranslation('visits')
  const api = useApi()
  const format = useFormat()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { session } = useSession()
  const { key, renew } = useIdempotencyKey()
  const [words, setWords] = useState('')
  const path = `/staff/preferences/${row.id}/notes`
  const query = useGet<Items<PreferenceNote>>(path)
  const add = useSend(() => api.post(path, { words: words.trim() }, { idempotencyKey: key() }))
  const remove = useSend((id: string) => api.delete(`${path}/${id}`))
  const may = hasRole(session, [...DECIDES])
  const submit = async () => {
    if (!(await add.run())?.ok) return
    renew()
    setWords('')
    await refresh(path)
  }
  const notes = query.data?.items ?? []
  return (
    <section className="kp-stack kp-stack--small">
      <h3>{t('notes')}</h3>
      <ProblemView problem={query.error ?? remove.error} />
      {query.data && notes.length === 0 && <p className="kern-body">{t('noNotes')}</p>}
      {notes.length > 0 && (
        <ul className="kp-plain-list kp-stack kp-stack--small">
          {notes.map((note) => (
            <li key={note.id}>
              <p className="kern-body kp-lines">{note.words}</p>
              <p className="kp-small">{t('by', { name: note.written_by, date: format.dateTime(note.written_at) })} {may && <button type="button" className="kp-linkish" onClick={() => void remove.run(note.id).then(() => refresh(path))} aria-label={t('removeFor', { date: format.dateTime(note.written_at) })}>{t('remove')}</button>}</p>
            </li>
          ))}
        </ul>
      )}
      {may && (
        <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
          <TextArea id="words" label={t('note')} hint={t('noteHint')} rows={2} maxLength={1000} value={words} onChange={(next) => { renew(); setWords(next) }} error={serverErrors(add.error)['words'] ?? null} />
          {add.error && !add.error.errors.length && <Alert tone="warning" live title={t('notSaved')} />}
          <div className="kp-actions"><Button small kind="secondary" type="submit" busy={add.busy}>{t('addNote')}</Button></div>
        </form>
      )}
    </section>
  )
}
