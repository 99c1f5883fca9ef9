import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useRefresh, useSend } from '../../../api/hooks'
import type { FacilityStand, Round, RoundStep, RoundSteps, StepFacility } from '../../../api/round-types'
import { toIso, toParts } from '../../../lib/dates'
import { Alert, Badge, Button, DateField, ErrorSummary, Section, TextArea, useFieldErrors, type IconName, type Tone } from '../../../ui'
import { useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { canDecide } from './steps'

const LOOK: Record<FacilityStand, { tone: Tone | 'neutral'; icon: IconName }> = {
  awaited: { tone: 'warning', icon: 'clock' },
  may_object: { tone: 'neutral', icon: 'half' },
  answered: { tone: 'success', icon: 'check' },
  nothing: { tone: 'neutral', icon: 'check' },
}

export function StandBadge({ stand }: { stand: FacilityStand }): JSX.Element {
  const { t } = useTranslation('steps')
  return <Badge {...LOOK[stand]}>{t(`stand.${stand}`)}</Badge>
}

function Row({ row }: { row: StepFacility }): JSX.Element {
  const { t } = useTranslation('steps')
  const mode = t(`mode.${row.mode}.short`)
  return (
    <tr>
      <th scope="row">{row.facility_name}{row.provider && <span className="kp-small kp-muted"><br />{row.provider}</span>}</th>
      <td data-label={t('office.mode')}>{row.chosen ? mode : t('office.notChosen', { mode })}{row.mode === 'by_hand' && <span className="kp-small kp-muted"><br />{row.continue_by_points ? t('office.goesOn') : t('office.waits')}</span>}</td>
      <td data-label={t('office.stand')}><StandBadge stand={row.stand} />{row.answer && <span className="kp-small kp-muted"> {t(`answer.${row.answer}`)}</span>}</td>
      <td data-label={t('office.places')} className="kp-num">{row.places}</td>
      <td data-label={t('office.applicants')} className="kp-num">{row.applicants}</td>
      <td data-label={t('office.held')} className="kp-num">{row.held}</td>
      <td data-label={t('office.last')} className="kp-num">{row.last}</td>
    </tr>
  )
}

type ChangeProps = { round: Round; steps: RoundSteps; step: RoundStep; onChanged: (message: string) => void }

function Extend({ round, steps, step, onChanged }: ChangeProps): JSX.Element {
  const { t } = useTranslation('steps')
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const [due, setDue] = useState(toParts(step.due_on))
  const [tried, setTried] = useState(false)
  const send = useSend(async (dueOn: string) => {
    await api.patch(`/rounds/${round.id}/steps`, { number: step.number, due_on: dueOn }, { version: steps.version })
    await refresh('/rounds')
  })
  const iso = toIso(due)
  const own = tried && (!iso || iso <= step.due_on) ? t('office.later') : null
  const error = own ?? serverErrors(send.error)['due_on'] ?? null
  const submit = async () => {
    setTried(true)
    if (iso && iso > step.due_on && (await send.run(iso))?.ok) onChanged(t('office.extended'))
  }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={error ? [{ id: 'due_on-day', message: error }] : []} problem={send.error} />
      <DateField id="due_on" label={t('office.newDeadline')} value={due} onChange={setDue} error={error} />
      <div className="kp-actions"><Button small kind="secondary" type="submit" busy={send.busy}>{t('office.extend')}</Button></div>
    </form>
  )
}

function GoOn({ round, steps, step, onChanged }: ChangeProps): JSX.Element {
  const { t } = useTranslation('steps')
  const api = useApi()
  const refresh = useRefresh()
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const send = useSend(async () => {
    await api.post(`/rounds/${round.id}/steps/continue`, { number: step.number, note: note.trim() }, { version: steps.version })
    await refresh('/rounds')
  })
  const error = tried && !note.trim() ? t('office.needNote') : null
  const submit = async () => {
    setTried(true)
    if (note.trim() && (await send.run())?.ok) onChanged(t('office.continued'))
  }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={error ? [{ id: 'note', message: error }] : []} problem={send.error} />
      <TextArea id="note" label={t('office.note')} hint={t('office.noteHint')} rows={2} maxLength={1000} value={note} onChange={setNote} error={error} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('office.goOn')}</Button></div>
    </form>
  )
}

/** The steps of a coordinated round: which facilities have answered, until when, how many steps are left. */
export function FacilitySteps({ round, steps, onChanged }: { round: Round; steps: RoundSteps; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const format = useFormat()
  const mayWrite = useMayWrite()
  const step = steps.steps.find((one) => one.number === steps.open)
  const awaited = steps.facilities.filter((one) => one.stand === 'awaited')
  const title = t('office.title')
  const change = step && mayWrite && canDecide(round.state)
  return (
    <Section id="schritte" title={title}>
      {step && <p className="kern-body"><strong>{t('office.open_step', { number: step.number, day: format.date(step.due_on), due: format.due(step.due_on) })}</strong></p>}
      {steps.done && <p className="kern-body">{t('office.done', { count: steps.steps.length })}{round.run?.kind === 'dry' && ` ${t('office.doneNext')}`}</p>}
      {steps.steps.length === 0 && <p className="kern-body">{t('office.before')}</p>}
      {step && steps.steps_left !== null && <p className="kern-body">{t('office.left', { count: Math.max(1, steps.steps_left) })}</p>}
      {steps.overdue && <Alert tone="warning" title={t('office.overdue')}><p className="kern-body">{t('office.overdueText', { names: awaited.map((one) => one.facility_name).join(', ') })}</p></Alert>}
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={title}>
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{t('office.facility')}</th><th scope="col">{t('office.mode')}</th><th scope="col">{t('office.stand')}</th>
              <th scope="col">{t('office.places')}</th><th scope="col">{t('office.applicants')}</th><th scope="col">{t('office.held')}</th><th scope="col">{t('office.last')}</th>
            </tr>
          </thead>
          <tbody>{steps.facilities.map((row) => <Row key={row.facility_id} row={row} />)}</tbody>
        </table>
      </div>
      {change && (
        <div className="kp-columns kp-columns--even">
          <Extend key={step.due_on} round={round} steps={steps} step={step} onChanged={onChanged} />
          {steps.overdue && <GoOn round={round} steps={steps} step={step} onChanged={onChanged} />}
        </div>
      )}
    </Section>
  )
}
