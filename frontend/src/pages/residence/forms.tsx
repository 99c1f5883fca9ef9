import { useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { Guest, MoveEvidence, MoveIn, Residence } from '../../api/residence-types'
import { addDays, formatDate, lastDay, toIso, toParts, today } from '../../lib/dates'
import { useVersioned } from '../../lib/versioned'
import { Button, DateField, ErrorSummary, RadioGroup, Select, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff/named'

/** People name the last day of a consent; the service keeps the first day after it. */
export const dayAfter = (last: string | null): string | null => last && addDays(last, 1)

export type Form = { demand: string; onSaved: () => void; onCancel: () => void }

/** A form's summary of faults, its fields, and its two buttons. */
export function Frame({ errors, names, problem, busy, save, conflict, onSend, onCancel, children }: {
  errors: Record<string, string>; names: Record<string, string>; problem: ApiError | null; busy: boolean; save?: string; conflict?: ReactNode
  onSend: () => void; onCancel: () => void; children: ReactNode
}): JSX.Element {
  const { t: common } = useTranslation()
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); onSend() }}>
      {conflict ?? <ErrorSummary errors={namedSummary(errors, names)} problem={problem} />}
      {children}
      <div className="kp-actions"><Button type="submit" busy={busy}>{save ?? common('action.save')}</Button><Button kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}

const homeOf = (guest: Guest | null) => ({
  value: { name: guest?.home_name ?? '', address: guest?.home_address ?? '', email: guest?.home_email ?? '' }, version: guest?.version ?? 0,
})

/** The municipality in which a guest child lives. */
export function HomeForm({ demand, guest, onSaved, onCancel }: Form & { guest: Guest | null }): JSX.Element {
  const { t } = useTranslation('residence')
  const api = useApi()
  const names = { name: t('field.name'), address: t('field.address'), email: t('field.email') }
  const form = useVersioned({
    start: homeOf(guest),
    save: ({ name, address, email }, version) => api.put(`/office/demands/${demand}/guest`, { name, address, email: email.trim() || null }, { version }),
    newest: async () => homeOf((await api.get<Residence>(`/office/demands/${demand}/residence`)).guest),
    labels: names,
    onSaved,
  })
  const { value, set, errors } = form
  return (
    <Frame conflict={form.conflict} errors={errors} names={names} problem={form.problem} busy={form.busy} onSend={() => void form.submit()} onCancel={onCancel}>
      <TextField id="name" label={names.name} maxLength={200} value={value.name} onChange={(name) => set({ name })} error={errors['name'] ?? null} />
      <TextField id="address" label={names.address} hint={t('field.addressHint')} maxLength={400} value={value.address} onChange={(address) => set({ address })} error={errors['address'] ?? null} />
      <TextField id="email" label={names.email} optional maxLength={254} value={value.email} onChange={(email) => set({ email })} error={errors['email'] ?? null} />
    </Frame>
  )
}

/** What the home municipality answered. */
export function AnswerForm({ demand, guest, onSaved, onCancel }: Form & { guest: Guest }): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: common } = useTranslation()
  const api = useApi()
  const errorsOf = useFieldErrors()
  const [granted, setGranted] = useState<'yes' | 'no'>(guest.state === 'refused' ? 'no' : 'yes')
  const [answered, setAnswered] = useState(toParts(today()))
  const [from, setFrom] = useState(toParts(guest.valid_from))
  const [until, setUntil] = useState(toParts(guest.valid_until && lastDay(guest.valid_until)))
  const [costs, setCosts] = useState<'open' | 'yes' | 'no'>('open')
  const [file, setFile] = useState(guest.home_file_number ?? '')
  const [note, setNote] = useState(guest.note ?? '')
  const days = { answered_on: toIso(answered), valid_from: toIso(from), valid_until: dayAfter(toIso(until)) }
  const isYes = granted === 'yes'
  const send = useSend(async () => {
    const period = isYes ? { valid_from: days.valid_from, valid_until: days.valid_until } : {}
    const body = { granted: isYes, answered_on: days.answered_on, ...period, costs_agreed: costs === 'open' ? null : costs === 'yes', file_number: file.trim() || null, note: note.trim() || null }
    await api.post(`/office/demands/${demand}/guest/answer`, body, { version: guest.version })
    onSaved()
  })
  const [tried, setTried] = useState(false)
  const missing: Record<string, string> = {}
  if (!days.answered_on) missing['answered_on'] = common('form.wrongDate')
  if (isYes && !days.valid_from) missing['valid_from'] = common('form.wrongDate')
  const errors: Record<string, string> = { ...errorsOf(send.error), ...(tried ? missing : {}) }
  const names = { answered_on: t('field.answered_on'), valid_from: t('field.valid_from'), valid_until: t('field.valid_until'), file_number: t('field.file_number'), note: t('field.note') }
  const submit = () => { setTried(true); if (Object.keys(missing).length === 0) void send.run() }
  return (
    <Frame errors={errors} names={names} problem={send.error} busy={send.busy} onSend={submit} onCancel={onCancel}>
      <RadioGroup label={t('field.granted')} value={granted} onChange={setGranted} options={(['yes', 'no'] as const).map((value) => ({ value, label: t(`field.${value}`) }))} />
      <DateField id="answered_on" label={t('field.answered_on')} value={answered} onChange={setAnswered} error={errors['answered_on'] ?? null} />
      {isYes && (
        <>
          <DateField id="valid_from" label={t('field.valid_from')} value={from} onChange={setFrom} error={errors['valid_from'] ?? null} />
          <DateField id="valid_until" label={t('field.valid_until')} hint={t('field.validUntilHint')} optional value={until} onChange={setUntil} error={errors['valid_until'] ?? null} />
        </>
      )}
      <RadioGroup label={t('field.costs')} value={costs} onChange={setCosts} options={([['open', t('field.costsOpen')], ['yes', t('field.costsYes')], ['no', t('field.costsNo')]] as const).map(([value, label]) => ({ value, label }))} />
      <TextField id="file_number" label={t('field.file_number')} optional maxLength={100} value={file} onChange={setFile} error={errors['file_number'] ?? null} />
      <TextField id="note" label={t('field.note')} optional maxLength={1000} value={note} onChange={setNote} error={errors['note'] ?? null} />
    </Frame>
  )
}

const moveOf = (move: MoveIn | null) => ({
  value: { move_on: toParts(move?.move_on ?? null), postal_code: move?.postal_code ?? '', city: move?.city ?? '', area: move?.area ?? '' }, version: move?.version ?? 0,
})
type MoveFormProps = Omit<Form, 'demand'> & { path: string; move: MoveIn | null; newest: () => Promise<MoveIn | null>; areas?: string[]; save?: string }

/** The day of a move and the new town; the planning area where the office asks. */
export function MoveForm({ path, move, newest, areas, save, onSaved, onCancel }: MoveFormProps): JSX.Element {
  const { t, i18n } = useTranslation('residence')
  const { t: common } = useTranslation()
  const api = useApi()
  const names = { move_on: t('field.move_on'), postal_code: t('field.postal_code'), city: t('field.city'), ...(areas ? { area: t('field.area') } : {}) }
  const form = useVersioned({
    start: moveOf(move),
    save: ({ area, move_on, ...town }, version) => api.put(path, { ...town, move_on: toIso(move_on), area: area || null }, { version }),
    newest: async () => moveOf(await newest()),
    labels: names,
    show: (_field, value) => (typeof value === 'string' ? value : formatDate(toIso(value), i18n.language)),
    onSaved,
  })
  const { value, set, errors } = form
  const submit = () => void form.submit(({ move_on }): Record<string, string> => (toIso(move_on) ? {} : { move_on: common('form.wrongDate') }))
  // The office types another family's town.
  const own = (name: string) => (areas ? {} : { autoComplete: name })
  return (
    <Frame conflict={form.conflict} errors={errors} names={names} problem={form.problem} busy={form.busy} {...(save ? { save } : {})} onSend={submit} onCancel={onCancel}>
      <DateField id="move_on" label={names.move_on} value={value.move_on} onChange={(move_on) => set({ move_on })} error={errors['move_on'] ?? null} />
      <TextField id="postal_code" label={names.postal_code} {...own('postal-code')} width="sm" inputMode="numeric" maxLength={5} value={value.postal_code} onChange={(postal_code) => set({ postal_code })} error={errors['postal_code'] ?? null} />
      <TextField id="city" label={names.city} {...own('address-level2')} maxLength={100} value={value.city} onChange={(city) => set({ city })} error={errors['city'] ?? null} />
      {areas && areas.length > 0 && <Select id="area" label={t('field.area')} value={value.area} onChange={(area) => set({ area })} options={[{ value: '', label: t('field.areaNone') }, ...areas.map((entry) => ({ value: entry, label: entry }))]} error={errors['area']} />}
    </Frame>
  )
}

/** What the office has seen of a move; the paper is given back. */
export function EvidenceForm({ demand, move, onSaved, onCancel }: Form & { move: MoveIn }): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: common } = useTranslation()
  const api = useApi()
  const errorsOf = useFieldErrors()
  const [evidence, setEvidence] = useState<MoveEvidence>('registration')
  const [day, setDay] = useState(toParts(today()))
  const seen_on = toIso(day)
  const send = useSend(async () => {
    await api.post(`/office/demands/${demand}/move-in/evidence`, { evidence, seen_on }, { version: move.version })
    onSaved()
  })
  const errors: Record<string, string> = { ...errorsOf(send.error), ...(seen_on ? {} : { seen_on: common('form.wrongDate') }) }
  return (
    <Frame errors={errors} names={{ seen_on: t('field.seen_on') }} problem={send.error} busy={send.busy} onSend={() => { if (seen_on) void send.run() }} onCancel={onCancel}>
      <RadioGroup label={t('field.evidence')} value={evidence} onChange={setEvidence} options={(['registration', 'rental_contract', 'purchase_contract'] as const).map((value) => ({ value, label: t(`papers.${value}`) }))} />
      <DateField id="seen_on" label={t('field.seen_on')} value={day} onChange={setDay} error={errors['seen_on'] ?? null} />
    </Frame>
  )
}
