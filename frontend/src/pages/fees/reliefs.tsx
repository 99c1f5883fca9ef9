import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { ContractFee, FeeRelief, ReliefReason } from '../../api/fee-types'
import { useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import { EMPTY_DATE, addMonths, lastDay, toIso, today } from '../../lib/dates'
import { Alert, Button, DateField, ErrorSummary, ProblemView, Section, Select, TextArea, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { useMayWrite } from '../office/rights'

const REASONS: ReliefReason[] = ['citizens_income', 'social_assistance', 'asylum_benefits', 'child_supplement', 'housing_benefit', 'hardship', 'foster_care', 'statute']
const firstOf = (iso: string): string => `${iso.slice(0, 7)}-01`

/** What is waived or reduced of this contract's fee, each with its end. */
function Granted({ relief }: { relief: FeeRelief }): JSX.Element {
  const { t } = useTranslation('reliefs')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const begins = [firstOf(today()), relief.from_month].sort().at(-1) ?? relief.from_month
  const months = Array.from({ length: 24 }, (_, n) => addMonths(begins, n)).filter((month) => month < relief.until_month)
  const [until, setUntil] = useState(months[0] ?? relief.from_month)
  const [ending, setEnding] = useState(false)
  const end = useSend(async () => {
    await api.post(`/office/fee-reliefs/${relief.id}/end`, { until_month: until }, { version: relief.version })
    await refresh('/office/fees')
  })
  return (
    <li className="kp-stack kp-stack--small">
      <p className="kern-body">
        <strong>{relief.percent === 0 ? t('waived') : t('reduced', { percent: relief.percent })}</strong>, {t(`reason.${relief.reason}`)}<br />
        {format.date(relief.from_month)} – {format.date(lastDay(relief.until_month))}<br />
        <span className="kp-small kp-muted">{relief.evidence_on && `${t('seen', { date: format.date(relief.evidence_on) })} · `}{t('decided', { name: relief.decided_by, date: format.date(relief.decided_at) })}</span>
        {relief.note && <><br /><span className="kp-small kp-muted">{relief.note}</span></>}
      </p>
      <ProblemView problem={end.error} />
      {mayWrite && months.length > 0 && !ending && <div className="kp-actions"><Button small kind="tertiary" onClick={() => setEnding(true)}>{t('end')}</Button></div>}
      {ending && (
        <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); void end.run() }}>
          <Select id={`until-${relief.id}`} label={t('endFrom')} hint={t('endHint')} value={until} onChange={setUntil} options={months.map((value) => ({ value, label: format.month(value) }))} />
          <div className="kp-actions"><Button small type="submit" busy={end.busy}>{t('end')}</Button><Button small kind="tertiary" onClick={() => setEnding(false)}>{t('cancel')}</Button></div>
        </form>
      )}
    </li>
  )
}

function Grant({ row, onDone }: { row: ContractFee; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('reliefs')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const { key, renew } = useIdempotencyKey()
  const serverErrors = useFieldErrors()
  const begins = firstOf(row.care_from)
  const now = [firstOf(today()), begins].sort().at(-1) ?? begins
  const [reason, setReason] = useState<ReliefReason | ''>('')
  const [percent, setPercent] = useState('0')
  const [from, setFrom] = useState(now)
  const [months, setMonths] = useState('6')
  const [seen, setSeen] = useState(EMPTY_DATE)
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const needsEvidence = reason !== '' && reason !== 'statute'
  const own = {
    ...(reason ? {} : { reason: t('needReason') }),
    ...(needsEvidence && !toIso(seen) ? { evidence_on: t('needEvidence') } : {}),
    ...(/^\d{1,2}$/.test(percent) ? {} : { percent: t('needPercent') }),
  }
  const send = useSend(async () => {
    await api.post('/office/fee-reliefs', { contract_id: row.contract_id, reason, percent: Number(percent), from_month: from, until_month: addMonths(from, Number(months)), evidence_on: toIso(seen) || null, note: note.trim() }, { idempotencyKey: key() })
    renew()
    await refresh('/office/fees')
    onDone()
  })
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const change = <V,>(set: (value: V) => void) => (value: V) => { renew(); set(value) }
  const submit = () => { setTried(true); if (Object.keys(own).length === 0) void send.run() }
  const starts = [...new Set([...Array.from({ length: 24 }, (_, n) => addMonths(now, n - 6))])].filter((month) => month >= begins && month < row.care_until)
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <ErrorSummary errors={namedSummary(errors, { reason: t('reasonLabel'), percent: t('percent'), from_month: t('from'), until_month: t('months'), evidence_on: t('evidence') })} problem={send.error} />
      <Select id="reason" label={t('reasonLabel')} empty={t('choose')} value={reason} onChange={change(setReason)} error={errors['reason']} options={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))} />
      <TextField id="percent" label={t('percent')} hint={t('percentHint')} width="xs" inputMode="numeric" value={percent} onChange={change(setPercent)} error={errors['percent']} />
      <Select id="from" label={t('from')} value={from} onChange={change(setFrom)} error={errors['from_month']} options={starts.map((value) => ({ value, label: format.month(value) }))} />
      <Select id="months" label={t('months')} hint={t('monthsHint')} value={months} onChange={change(setMonths)} error={errors['until_month']} options={['1', '3', '6', '12', '24'].map((value) => ({ value, label: t('monthsOf', { count: Number(value) }) }))} />
      <DateField id="evidence_on" label={t('evidence')} hint={t('evidenceHint')} optional={!needsEvidence} value={seen} onChange={change(setSeen)} error={errors['evidence_on']} />
      <TextArea id="relief-note" label={t('note')} hint={t('noteHint')} optional rows={2} maxLength={500} value={note} onChange={change(setNote)} error={errors['note']} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('grant')}</Button><Button small kind="tertiary" onClick={onDone}>{t('cancel')}</Button></div>
    </form>
  )
}

/** Waivers and reductions of a contract's fee (§ 90 SGB VIII). */
export function Reliefs({ row }: { row: ContractFee }): JSX.Element | null {
  const { t } = useTranslation('reliefs')
  const mayWrite = useMayWrite()
  const [granting, setGranting] = useState(false)
  if (!mayWrite && row.reliefs.length === 0) return null
  return (
    <Section title={t('title')}>
      {row.reliefs.length > 0 ? <ul className="kp-list kp-stack kp-stack--small">{row.reliefs.map((relief) => <Granted key={`${relief.id}-${relief.version}`} relief={relief} />)}</ul> : <p className="kern-body">{t('none')}</p>}
      {row.draft && granting && <Alert tone="info" title={t('draftOpen')} />}
      {mayWrite && (granting ? <Grant row={row} onDone={() => setGranting(false)} /> : <div className="kp-actions"><Button small kind="secondary" icon="add" onClick={() => setGranting(true)}>{t('begin')}</Button></div>)}
    </Section>
  )
}
