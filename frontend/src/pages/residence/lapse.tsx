import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { Guest, GuestLapse, LapseDecision, LapseReason } from '../../api/residence-types'
import { lastDay, toIso, toParts, today } from '../../lib/dates'
import { Alert, DateField, Facts, RadioGroup, TextArea, TextField, useFieldErrors, type Fact } from '../../ui'
import { useFormat } from '../../staff'
import { dayAfter, Frame, type Form } from './forms'

const REASONS = ['costs', 'own_place', 'moved', 'not_said'] as const
const DECISIONS = ['own_costs', 'granted_again', 'notice'] as const

/** A consent that does not hold any more while a contract stands: what is known, and what was decided. */
export function LapsePart({ lapse }: { lapse: GuestLapse }): JSX.Element {
  const { t } = useTranslation('residence')
  const format = useFormat()
  const fact = (id: string, term: string, value: string | null): Fact[] => (value ? [{ id, term, value }] : [])
  const facts = [
    ...fact('lapses', t('lapse.facts.lapses'), format.date(lapse.lapses_on)),
    ...fact('lapseReason', t('lapse.facts.reason'), t(`lapse.reason.${lapse.reason}`)),
    ...fact('lapseFile', t('facts.file'), lapse.file_number),
    ...fact('decision', t('lapse.facts.decision'), lapse.decision && `${t(`lapse.decision.${lapse.decision}`)}, ${format.date(lapse.decided_on)}`),
    ...fact('grantedUntil', t('lapse.facts.until'), lapse.granted_until && format.date(lastDay(lapse.granted_until))),
    ...fact('why', t('lapse.facts.why'), lapse.decision_reason),
  ]
  const stands = lapse.decision ? null : t('lapse.stands', { facility: lapse.facility_name, date: format.date(lapse.decide_by) })
  const says = lapse.decision === 'notice' ? t('lapse.noticeNext', { facility: lapse.facility_name }) : stands
  return (
    <>
      <Alert tone={lapse.decision ? 'info' : 'warning'} title={lapse.decision ? t('lapse.decided') : t('lapse.open')} {...(says ? { children: <p className="kern-body">{says}</p> } : {})} />
      <Facts items={facts} />
    </>
  )
}

/** The home municipality takes its consent back. */
export function WithdrawalForm({ demand, guest, onSaved, onCancel }: Form & { guest: Guest }): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: common } = useTranslation()
  const api = useApi()
  const errorsOf = useFieldErrors()
  const [from, setFrom] = useState(toParts(null))
  const [reason, setReason] = useState<Exclude<LapseReason, 'ended'>>('costs')
  const [file, setFile] = useState(guest.home_file_number ?? '')
  const [tried, setTried] = useState(false)
  const withdrawn_from = toIso(from)
  const send = useSend(async () => {
    await api.post(`/office/demands/${demand}/guest/withdrawal`, { withdrawn_from, reason, file_number: file.trim() || null }, { version: guest.version })
    onSaved()
  })
  const errors: Record<string, string> = { ...errorsOf(send.error), ...(tried && !withdrawn_from ? { withdrawn_from: common('form.wrongDate') } : {}) }
  const names = { withdrawn_from: t('lapse.field.withdrawn_from'), file_number: t('field.file_number') }
  const submit = () => { setTried(true); if (withdrawn_from) void send.run() }
  return (
    <Frame errors={errors} names={names} problem={send.error} busy={send.busy} onSend={submit} onCancel={onCancel}>
      <p className="kern-body">{t('lapse.withdrawText')}</p>
      <DateField id="withdrawn_from" label={t('lapse.field.withdrawn_from')} value={from} onChange={setFrom} error={errors['withdrawn_from'] ?? null} />
      <RadioGroup label={t('lapse.field.reason')} value={reason} onChange={setReason} options={REASONS.map((value) => ({ value, label: t(`lapse.reason.${value}`) }))} />
      <TextField id="file_number" label={t('field.file_number')} optional maxLength={100} value={file} onChange={setFile} error={errors['file_number'] ?? null} />
    </Frame>
  )
}

/** What the office decides about it. */
export function DecisionForm({ demand, guest, onSaved, onCancel }: Form & { guest: Guest }): JSX.Element {
  const { t } = useTranslation('residence')
  const { t: common } = useTranslation()
  const api = useApi()
  const errorsOf = useFieldErrors()
  const [decision, setDecision] = useState<LapseDecision>('own_costs')
  const [day, setDay] = useState(toParts(today()))
  const [until, setUntil] = useState(toParts(null))
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const decided_on = toIso(day)
  const again = decision === 'granted_again'
  const send = useSend(async () => {
    await api.post(`/office/demands/${demand}/guest/decision`, { decision, decided_on, granted_until: again ? dayAfter(toIso(until)) : null, reason: why }, { version: guest.version })
    onSaved()
  })
  const missing: Record<string, string> = {}
  if (!decided_on) missing['decided_on'] = common('form.wrongDate')
  if (!why.trim()) missing['reason'] = t('lapse.needReason')
  const errors: Record<string, string> = { ...errorsOf(send.error), ...(tried ? missing : {}) }
  const names = { decided_on: t('lapse.field.decided_on'), granted_until: t('field.valid_until'), reason: t('lapse.field.why') }
  const submit = () => { setTried(true); if (Object.keys(missing).length === 0) void send.run() }
  return (
    <Frame errors={errors} names={names} problem={send.error} busy={send.busy} onSend={submit} onCancel={onCancel}>
      <RadioGroup label={t('lapse.field.decision')} value={decision} onChange={setDecision} options={DECISIONS.map((value) => ({ value, label: t(`lapse.decision.${value}`) }))} />
      <DateField id="decided_on" label={t('lapse.field.decided_on')} value={day} onChange={setDay} error={errors['decided_on'] ?? null} />
      {again && <DateField id="granted_until" label={t('field.valid_until')} hint={t('field.validUntilHint')} optional value={until} onChange={setUntil} error={errors['granted_until'] ?? null} />}
      <TextArea id="reason" label={t('lapse.field.why')} hint={t('lapse.field.whyHint')} maxLength={1000} value={why} onChange={setWhy} error={errors['reason'] ?? null} />
    </Frame>
  )
}
