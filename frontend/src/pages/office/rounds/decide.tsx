import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useRefresh, useSend } from '../../../api/hooks'
import type { Round, RoundCase } from '../../../api/round-types'
import { Button, ErrorSummary, TextArea, useFieldErrors } from '../../../ui'
import { namedSummary, useFormat } from '../../../staff'
import { usePersons } from './words'

type Props = { round: Round; cases: RoundCase[]; onDone: (message: string) => void }

/** What is proposed to these children stands as the decision of the person who presses the button. */
export function Decide({ round, cases, onDone }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const placed = cases.filter((row) => row.facility_id !== null).length
  const exception = cases.some((row) => row.flags.includes('exception'))
  const send = useSend(async () => {
    await api.post(`/rounds/${round.id}/case-decisions`, { case_ids: cases.map((row) => row.id), decided: true, note: note.trim() || null })
    await refresh('/rounds')
  })
  const missing = tried && exception && !note.trim()
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(missing ? { note: t('decide.needNote') } : {}) }
  const id = `decide-${cases.length === 1 ? cases[0]?.id : 'all'}`
  const submit = async () => {
    setTried(true)
    if (exception && !note.trim()) return
    if ((await send.run())?.ok) { setNote(''); setTried(false); onDone(t('decide.done', { count: cases.length })) }
  }
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary({ ...errors, note: undefined, [id]: errors['note'] }, { [id]: t('decide.note') })} problem={send.error} />
      <p className="kern-body kp-page--text">{t('decide.lead', { placed, none: cases.length - placed })}</p>
      <TextArea id={id} label={t('decide.note')} optional={!exception} hint={exception ? t('decide.exception') : undefined} rows={2} maxLength={1000} value={note} onChange={setNote} error={errors['note']} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('decide.send', { count: cases.length })}</Button></div>
    </form>
  )
}

/** Who decided about a case, with the way back while the round can still be decided about. */
export function Decided({ round, row, mayTakeBack, onDone }: { round: Round; row: RoundCase; mayTakeBack: boolean; onDone: (message: string) => void }): JSX.Element | null {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const person = usePersons()
  const send = useSend(async () => {
    await api.post(`/rounds/${round.id}/case-decisions`, { case_ids: [row.id], decided: false })
    await refresh('/rounds')
  })
  const decision = row.decision
  if (!decision) return null
  return (
    <div className="kp-stack kp-stack--small">
      <p className="kern-body">{t('decide.by', { who: person(decision.account_id, decision.name), time: format.dateTime(decision.at) })}{decision.note && ` ${t('decide.ground', { note: decision.note })}`}</p>
      {mayTakeBack && <div><Button small kind="tertiary" busy={send.busy} onClick={() => void send.run().then((answer) => answer?.ok && onDone(t('decide.takenBack')))}>{t('decide.takeBack')}</Button></div>}
    </div>
  )
}
