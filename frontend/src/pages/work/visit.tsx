import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { PreferenceNote, VisitInput, VisitOfPreference } from '../../api/inbox-types'
import type { Items, StaffPreferenceDetail } from '../../api/types'
import { hasRole, useSession } from '../../app/session'
import { berlinInstant } from '../../lib/berlin'
import { addDays, formatDate, formatTime, toIso, toParts, today, type DateParts } from '../../lib/dates'
import { useUnsaved } from '../../lib/unsaved'
import { Alert, AskedButton, Button, DateField, ErrorSummary, ProblemView, TextArea, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat, useVersioned } from '../../staff'

const LIVE = ['received', 'under_review', 'invited', 'waitlisted', 'paused', 'offered', 'accepted']
const DECIDES = ['facility_manager', 'provider_manager', 'childminder'] as const

type Plan = { day: DateParts; time: string; minutes: string; place: string }

function VisitForm({ row, visit, onDone }: { row: StaffPreferenceDetail; visit: VisitOfPreference['visit']; onDone: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('visits')
  const { t: common } = useTranslation()
  const api = useApi()
  const path = `/staff/preferences/${row.id}/visit`
  const stateOf = (found: VisitOfPreference['visit']): { value: Plan; version: number } => {
    const stands = found && !found.cancelled_at ? found : null
    return {
      value: {
        day: toParts(stands?.starts_at ? stands.starts_at.slice(0, 10) : addDays(today(), 7)), time: stands ? formatTime(stands.starts_at, i18n.language) : '15:00',
        minutes: String(stands?.minutes ?? 60), place: stands?.place ?? row.facility_name,
      },
      version: found?.version ?? 0,
    }
  }
  const at = (plan: Plan) => berlinInstant(toIso(plan.day) ?? '', plan.time.trim())
  const labels = { day: t('day'), time: t('time'), minutes: t('minutes'), place: t('place') }
  const form = useVersioned<Plan>({
    start: stateOf(visit),
    save: (plan, version) => {
      const input: VisitInput = { starts_at: at(plan) ?? '', minutes: Number(plan.minutes.replace(/\D/g, '')), place: plan.place.trim() }
      return api.put(path, input, { version })
    },
    newest: async () => stateOf((await api.get<VisitOfPreference>(path)).visit),
    labels,
    show: (_field, value) => (typeof value === 'string' ? value : formatDate(toIso(value), i18n.language)),
    onSaved: onDone,
  })
  const { value, set, errors } = form
  const submit = () => void form.submit((plan): Record<string, string> => (at(plan) ? {} : { starts_at: t('wrongTime') }))
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      {form.conflict ?? <ErrorSummary errors={namedSummary(errors, { starts_at: t('day'), minutes: t('minutes'), place: t('place') })} problem={form.problem} />}
      <DateField id="starts_at" label={labels.day} value={value.day} onChange={(day) => set({ day })} error={errors['starts_at'] ?? null} />
      <TextField id="visit-time" label={labels.time} hint={t('timeHint')} width="xs" value={value.time} onChange={(time) => set({ time })} />
      <TextField id="minutes" label={labels.minutes} width="xs" inputMode="numeric" value={value.minutes} onChange={(minutes) => set({ minutes })} error={errors['minutes'] ?? null} />
      <TextField id="place" label={labels.place} maxLength={200} value={value.place} onChange={(place) => set({ place })} error={errors['place'] ?? null} />
      <p className="kp-small">{t('told')}</p>
      <div className="kp-actions"><Button small type="submit" busy={form.busy}>{t('save')}</Button><Button small kind="secondary" onClick={onDone}>{common('action.cancel')}</Button></div>
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
          {stands && <AskedButton small label={t('cancel')} title={t('cancelTitle', { date: format.date(visit.starts_at), time: formatTime(visit.starts_at, i18n.language) })} problem={cancel.error} onRun={async () => { const answer = await cancel.run(); await refresh(path); return Boolean(answer?.ok) }}>{t('cancelText')}</AskedButton>}
        </div>
      )}
      {open && query.data && <VisitForm row={row} visit={visit} onDone={() => { setOpen(false); void refresh(path) }} />}
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
  useUnsaved(words.trim() !== '')
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
              <p className="kp-small">{t('by', { name: note.written_by, date: format.dateTime(note.written_at) })}</p>
              {may && <AskedButton small kind="tertiary" label={t('remove')} title={t('removeTitle', { date: format.dateTime(note.written_at) })} problem={remove.error} onRun={async () => { const answer = await remove.run(note.id); await refresh(path); return Boolean(answer?.ok) }} aria-label={t('removeFor', { date: format.dateTime(note.written_at) })}>{t('removeText')}</AskedButton>}
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
