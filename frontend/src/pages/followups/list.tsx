import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Followup, FollowupInput, FollowupList, FollowupOffered } from '../../api/followup-types'
import type { DeviationReason } from '../../api/round-types'
import type { AgeBand } from '../../api/types'
import { today } from '../../lib/dates'
import { REASONS } from '../../lib/why'
import { useWords } from '../../lib/words'
import { Alert, AskedButton, Badge, Button, EmptyState, ErrorState, ErrorSummary, Section, Select, Skeleton, TextArea, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { Points } from '../office/rounds/points'

function useOffer(list: FollowupList, onDone: (child: string) => void) {
  const api = useApi()
  const refresh = useRefresh()
  const words = useWords()
  const { key, renew } = useIdempotencyKey()
  const send = useSend((input: FollowupInput) => api.post<FollowupOffered>('/staff/followups', input, { idempotencyKey: key() }))
  const offer = async (row: Followup, reason: DeviationReason | null, note: string | null) => {
    const answer = await send.run({ preference_id: row.preference_id, age_band: list.age_band, reason, note })
    if (!answer?.ok) return false
    renew()
    onDone(words.childLabel(row.label))
    await refresh('/staff')
    return true
  }
  return { ...send, offer, renew }
}

/** Another child than the next: why, with a reason from the published list. */
function Deviate({ list, row, onDone, onCancel }: { list: FollowupList; row: Followup; onDone: (child: string) => void; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('followups')
  const { t: rounds } = useTranslation('rounds')
  const { t: common } = useTranslation()
  const serverErrors = useFieldErrors()
  const send = useOffer(list, onDone)
  const [reason, setReason] = useState<DeviationReason | ''>('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const own: Record<string, string> = {}
  if (!reason) own['reason'] = rounds('deviation.needReason')
  if (!note.trim()) own['note'] = rounds('deviation.needNote')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = () => {
    setTried(true)
    if (reason && note.trim()) void send.offer(row, reason, note.trim())
  }
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <p className="kern-body">{t('deviate.text')}</p>
      <ErrorSummary errors={namedSummary(errors, { reason: rounds('deviation.why'), note: rounds('deviation.note') })} problem={send.error} />
      <Select id="reason" label={rounds('deviation.why')} hint={rounds('deviation.whyHint')} empty={rounds('deviation.chooseReason')} value={reason} onChange={(value) => { send.renew(); setReason(value) }} error={errors['reason']} options={REASONS.map((value) => ({ value, label: rounds(`deviation.reason.${value}`) }))} />
      <TextArea id="note" label={rounds('deviation.note')} hint={rounds('deviation.noteHint')} rows={3} maxLength={1000} value={note} onChange={(value) => { send.renew(); setNote(value) }} error={errors['note']} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('deviate.send')}</Button><Button small kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}

function Row({ list, row, onDone }: { list: FollowupList; row: Followup; onDone: (child: string) => void }): JSX.Element {
  const { t } = useTranslation('followups')
  const words = useWords()
  const format = useFormat()
  const send = useOffer(list, onDone)
  const [deviating, setDeviating] = useState(false)
  const child = words.childLabel(row.label)
  const facts = [
    t(row.birth_date > today() ? 'expected' : 'born', { date: format.date(row.birth_date) }), t('wants', { date: format.date(row.desired_start) }),
    row.hours_per_week ? t('hours', { count: row.hours_per_week }) : '', row.siblings ? t(`siblings.${row.siblings}`) : '', row.reference_code ?? '',
  ].filter(Boolean)
  return (
    <li className="kp-case-wish">
      <p className="kp-case-wish__head">
        {row.position === null ? child : t('place', { position: row.position, child })}
        {row.position === 1 && <Badge tone="success" icon="check-circle">{t('isNext')}</Badge>}
        {row.legal_claim && <Badge tone="info" icon="document">{t('claim')}</Badge>}
      </p>
      <p className="kern-body">{facts.join(' · ')}</p>
      {row.passed_over
        ? <p className="kern-body"><Badge tone="neutral" icon="pause">{t('passedOver')}</Badge> {t(`skip.${row.passed_over}`)}</p>
        : <p className="kern-body">{t('wouldStart', { date: format.date(row.care_from) })}{row.together_with > 0 && <> {t('goesWith', { count: row.together_with })}</>}{row.lottery && <> {t('lottery')} <code className="kp-hash">{row.lottery.slice(0, 12)}</code></>}</p>}
      <details className="kp-details">
        <summary>{row.rank > 0 ? t('rankPoints', { rank: row.rank, count: row.points }) : t('points', { count: row.points })}</summary>
        <Points lines={row.breakdown} points={row.points} />
      </details>
      {list.may_offer && row.position === 1 && <div className="kp-actions"><AskedButton small kind="primary" danger={false} label={t('offer')} aria-label={t('offerTo', { child })} title={t('offerTitle', { child })} problem={send.error} onRun={() => send.offer(row, null, null)}>{t('offerText', { date: format.date(row.care_from) })}{row.together_with > 0 && <> {t('offerWith', { count: row.together_with })}</>}</AskedButton></div>}
      {list.may_offer && row.position !== null && row.position > 1 && !deviating && <div className="kp-actions"><Button small kind="tertiary" onClick={() => setDeviating(true)} aria-label={t('deviate.startFor', { child })}>{t('deviate.start')}</Button></div>}
      {deviating && <Deviate list={list} row={row} onDone={onDone} onCancel={() => setDeviating(false)} />}
    </li>
  )
}

/** Who waits for a place of a facility in an age band: the next first, and below who is passed over and why. */
export function FollowupListView({ facility, band, onDone }: { facility: string; band: AgeBand; onDone: (child: string) => void }): JSX.Element {
  const { t } = useTranslation('followups')
  const words = useWords()
  const format = useFormat()
  const query = useGet<FollowupList>(`/staff/facilities/${encodeURIComponent(facility)}/followups`, { age_band: band })
  if (query.isPending) return <Skeleton blocks={2} lines={4} />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  const list = query.data
  const waiting = list.items.filter((row) => row.passed_over === null)
  const passed = list.items.filter((row) => row.passed_over !== null)
  return (
    <>
      <Section title={`${list.facility_name}, ${words.ageBand(list.age_band)}`}>
        {list.free_from
          ? <p className="kern-body"><strong>{t('free', { count: list.free, date: format.date(list.free_from) })}</strong></p>
          : <Alert tone="info" title={t('noneFree')}>{t('noneFreeText')}</Alert>}
        {list.round_under_way && <Alert tone="info" title={t('roundUnderWay')}>{t('roundUnderWayText')}</Alert>}
        {!list.may_offer && !list.round_under_way && <Alert tone="info" title={t('notYours')}>{t('notYoursText')}</Alert>}
        <p className="kp-small kp-muted">{t('order')}</p>
        {waiting.length === 0
          ? <EmptyState title={t('nobody')}>{t('nobodyText')}</EmptyState>
          : <ol className="kp-plain-list kp-stack">{waiting.map((row) => <Row key={row.preference_id} list={list} row={row} onDone={onDone} />)}</ol>}
      </Section>
      {passed.length > 0 && (
        <Section title={t('passedTitle', { count: passed.length })}>
          <ul className="kp-plain-list kp-stack">{passed.map((row) => <Row key={row.preference_id} list={list} row={row} onDone={onDone} />)}</ul>
        </Section>
      )}
    </>
  )
}
