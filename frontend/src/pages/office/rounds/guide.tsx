import { useEffect, useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../../api/context'
import { useIdempotencyKey, useRefresh, useSend } from '../../../api/hooks'
import type { Deviation, Round, RoundPerson, RoundSteps } from '../../../api/round-types'
import { useSession } from '../../../app/session'
import { useTo } from '../../../app/tenant'
import { today } from '../../../lib/dates'
import { Alert, Button, ButtonLink, Icon, ProblemView, VisuallyHidden } from '../../../ui'
import { useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { Confirm, type Ask } from './confirm'
import { SeedForm } from './seed'
import { StepsForm } from './steps-form'
import { canCancel, canDecide, canPause, marks, nextOf, standing, wayOf, type Next, type StepId } from './steps'
import { usePersons } from './words'

type Props = { round: Round; deviations: Deviation[]; steps: RoundSteps | null; onChanged: (message: string) => void; onReload: () => void }

/** While a run is computed: what happens, and since when. */
function RunProgress(): JSX.Element {
  const { t } = useTranslation('rounds')
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setSeconds((old) => old + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="kp-round-progress">
      <progress aria-label={t('progress.label')} />
      <p className="kern-body" role="status">{t('progress.text')}</p>
      <p className="kp-small kp-muted" aria-hidden="true">{t('progress.seconds', { count: seconds })}</p>
    </div>
  )
}

/** How far the sending of the offers has come. */
function SendProgress({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { waiting, decided, offered, not_sent: notSent, left } = round.outcomes
  const done = decided + offered + notSent + left
  return (
    <div className="kp-round-progress">
      <progress aria-label={t('progress.sending')} max={done + waiting} value={done} />
      <p className="kern-body" role="status">{t('progress.sent', { done, total: done + waiting })}</p>
    </div>
  )
}

/** Who did a step and who is missing, below its name. */
function useWho(round: Round): (step: StepId) => ReactNode {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const person = usePersons()
  const names = (all: RoundPerson[]) => all.map((one) => person(one.account_id, one.name)).join(', ')
  return (step) => {
    switch (step) {
      case 'freeze': return round.frozen_at && t('who.at', { time: format.dateTime(round.frozen_at) })
      case 'seed':
        if (round.seed) return <>{t('who.seed', { seed: round.seed })} {round.seed_entered_by.length > 0 && t('who.seedBy', { who: names(round.seed_entered_by) })}</>
        return round.seed_entries > 0 && <>{round.seed_entered_by_me ? t('who.seedMe', { count: round.seed_entries }) : t('who.seedOther', { count: round.seed_entries })} {t('who.seedBy', { who: names(round.seed_entered_by) })}</>
      case 'final': return round.run?.kind === 'final' && t('who.run', { who: person(round.run.started_by, round.run.started_by_name), time: format.dateTime(round.run.verified_at) })
      case 'dry': return round.run?.kind === 'dry' && t('who.run', { who: person(round.run.started_by, round.run.started_by_name), time: format.dateTime(round.run.verified_at) })
      case 'review': return round.run && (
        <>
          {canDecide(round.state) && (round.conflicts_opened_by_me ? t('who.opened') : t('who.notOpened'))}
          {round.conflicts_opened_by.length > 0 && ` ${t('who.openedBy', { who: names(round.conflicts_opened_by) })}`}
        </>
      )
      case 'release': {
        const signed = round.signatures.map((one) => t('who.signed', { who: person(one.account_id, one.name), time: format.dateTime(one.at) }))
        return signed.length > 0 && [...signed, ...(signed.length < 2 ? [t('who.missing')] : [])].join(' · ')
      }
      default: return null
    }
  }
}

function Steps({ round, next }: { round: Round; next: Next }): JSX.Element {
  const { t } = useTranslation('rounds')
  const who = useWho(round)
  const found = marks(round, next)
  return (
    <ol className="kp-way" aria-label={t('steps.label')}>
      {wayOf(round).map((step, index) => {
        const detail = who(step)
        return (
          <li key={step} className={`kp-way__item is-${found[step]}`} aria-current={found[step] === 'now' ? 'step' : undefined}>
            <span className="kp-way__dot" aria-hidden="true">{found[step] === 'done' ? <Icon name="check" size={14} /> : index + 1}</span>
            <span className="kp-way__text">
              <span>{t(`steps.${step}`)}<VisuallyHidden> ({t(`steps.mark.${found[step]}`)})</VisuallyHidden></span>
              {detail && <span className="kp-small kp-muted">{detail}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** The way of a round as a sequence: what is done, the one thing to do now, and how to stop. */
export function Guide({ round, deviations, steps, onChanged, onReload }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const { session } = useSession()
  const { key, renew } = useIdempotencyKey()
  const [ask, setAsk] = useState<Ask | null>(null)
  const next = nextOf(round, { me: session.account?.id ?? null, today: today(), deviations, steps })
  const path = `/rounds/${round.id}`
  const run = useSend(async () => {
    await api.post(`${path}/runs`, {}, { idempotencyKey: key() })
    renew()
    await refresh('/rounds')
  })
  const open = useSend(async () => {
    await api.post(`${path}/conflicts`, {})
    await refresh('/rounds')
  })
  const onRun = async () => { if ((await run.run())?.ok) onChanged(t('done.run')) }
  const onOpen = async () => { if ((await open.run())?.ok) await navigate(to(`/amt/vergabe/${round.id}/faelle?flagged=true`)) }
  const step = (name: Ask) => () => setAsk(name)
  const buttons: Partial<Record<Next, JSX.Element>> = {
    drawOver: <ButtonLink icon="edit" to={to(`/amt/vergabe/${round.id}/aendern`)}>{t('act.edit')}</ButtonLink>,
    waitKeyDate: <ButtonLink kind="secondary" icon="edit" to={to(`/amt/vergabe/${round.id}/aendern`)}>{t('act.edit')}</ButtonLink>,
    freeze: <Button icon="lock" onClick={step('freeze')}>{t('act.freeze')}</Button>,
    dryRun: <Button busy={run.busy} onClick={() => void onRun()}>{t('act.dryRun')}</Button>,
    openSteps: <StepsForm round={round} onDone={onChanged} />,
    stepRunning: <a className="kern-btn kern-btn--secondary" href="#schritte"><span className="kern-label">{t('act.toSteps')}</span></a>,
    stepOverdue: <a className="kern-btn kern-btn--primary" href="#schritte"><span className="kern-label">{t('act.toSteps')}</span></a>,
    finalRun: <Button busy={run.busy} onClick={() => void onRun()}>{t('act.finalRun')}</Button>,
    rerun: <Button busy={run.busy} onClick={() => void onRun()}>{t('act.rerun')}</Button>,
    conflicts: <Button busy={open.busy} onClick={() => void onOpen()}>{t('act.conflicts')}</Button>,
    deviations: <a className="kern-btn kern-btn--primary" href="#abweichungen"><span className="kern-label">{t('act.deviations', { count: round.deviations_pending })}</span></a>,
    decide: <ButtonLink to={to(`/amt/vergabe/${round.id}/faelle?undecided=true`)}>{t('act.decide', { count: round.undecided })}</ButtonLink>,
    sign: <Button onClick={step('release')}>{round.signatures.length === 0 ? t('act.signFirst') : t('act.signSecond')}</Button>,
    notSent: <ButtonLink to={to(`/amt/vergabe/${round.id}/faelle?outcome=not_sent`)}>{t('act.notSent', { count: round.outcomes.not_sent })}</ButtonLink>,
    close: <Button onClick={step('close')}>{t('act.close')}</Button>,
    resume: <Button onClick={step('resume')}>{t('act.resume')}</Button>,
  }
  const gaps = { key: format.date(round.key_date), draw: format.date(round.config.draw_on), source: round.config.draw_source, count: next === 'decide' ? round.undecided : round.deviations_pending }
  const again = canDecide(round.state) && round.run && !(round.mode === 'coordinated' && round.seed && !steps?.done) && !['finalRun', 'rerun', 'dryRun'].includes(next)
  const outdatedRun = [open.error, run.error].find(Boolean)
  return (
    <div className="kp-guide">
      <Steps round={round} next={next} />
      <section className="kp-guide__now" aria-labelledby="naechster-schritt">
        <h2 className="kern-title kern-title--large" id="naechster-schritt">{t(`next.${next}.title`, gaps)}</h2>
        <p className="kern-body">{t(`next.${next}.text`, gaps)}</p>
        <ProblemView problem={outdatedRun} />
        {run.busy && <RunProgress />}
        {next === 'sending' && <SendProgress round={round} />}
        {mayWrite && (next === 'seed' || next === 'seedDiffers' || next === 'seedOther') && <SeedForm key={next} round={round} repeat={next !== 'seed'} onDone={(message) => { onChanged(message); onReload() }} />}
        {mayWrite
          ? buttons[next] && <div className="kp-actions">{buttons[next]}</div>
          : <p className="kp-small kp-muted">{t('readOnly')}</p>}
        {mayWrite && (
          <div className="kp-guide__more" role="group" aria-label={t('act.more')}>
            {round.state === 'planned' && next === 'freeze' && <ButtonLink small kind="tertiary" to={to(`/amt/vergabe/${round.id}/aendern`)}>{t('act.edit')}</ButtonLink>}
            {again && <Button small kind="tertiary" busy={run.busy} onClick={() => void onRun()}>{t('act.rerun')}</Button>}
            {canPause(round.state) && <Button small kind="tertiary" onClick={step('pause')}>{t('act.pause')}</Button>}
            {next === 'notSent' && <Button small kind="tertiary" onClick={step('close')}>{t('act.close')}</Button>}
            {canCancel(round) && <Button small kind="tertiary" danger onClick={step('cancel')}>{t('act.cancel')}</Button>}
          </div>
        )}
        {round.state === 'paused' && <Alert tone="warning" title={t('pausedFrom', { state: t(`steps.state.${standing(round)}`) })} />}
      </section>
      {ask && <Confirm ask={ask} round={round} onClose={() => setAsk(null)} onDone={(message) => { setAsk(null); onChanged(message) }} onReload={() => { setAsk(null); onReload() }} />}
    </div>
  )
}
