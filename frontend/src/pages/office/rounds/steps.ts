// What comes next in a round, and what is behind it. Pure: the page only shows it.

import type { Deviation, Round, RoundState, RoundSteps } from '../../../api/round-types'

export const STEPS = ['plan', 'freeze', 'dry', 'seed', 'steps', 'final', 'review', 'release', 'offers', 'close'] as const
export type StepId = (typeof STEPS)[number]
export type Mark = 'done' | 'now' | 'todo'

export type Next =
  | 'waitKeyDate' | 'freeze' | 'drawOver' | 'dryRun' | 'waitDraw' | 'seed' | 'seedOther' | 'seedDiffers' | 'openSteps' | 'stepRunning' | 'stepOverdue' | 'finalRun' | 'conflicts'
  | 'deviations' | 'decide' | 'rerun' | 'sign' | 'signOther' | 'sending' | 'notSent' | 'close' | 'resume' | 'closed' | 'cancelled'

const STEP_OF: Record<Next, StepId> = {
  waitKeyDate: 'freeze', freeze: 'freeze', drawOver: 'freeze', dryRun: 'dry', waitDraw: 'seed', seed: 'seed', seedOther: 'seed', seedDiffers: 'seed',
  openSteps: 'steps', stepRunning: 'steps', stepOverdue: 'steps', finalRun: 'final', rerun: 'final', conflicts: 'review', deviations: 'review', decide: 'review', sign: 'release', signOther: 'release',
  sending: 'offers', notSent: 'offers', close: 'close', resume: 'plan', closed: 'close', cancelled: 'plan',
}

/** The way of a round: only where facilities propose there are steps of theirs. */
export const wayOf = (round: Pick<Round, 'mode'>): StepId[] => STEPS.filter((step) => step !== 'steps' || round.mode === 'coordinated')

/** Where the round stands, looking through a pause. */
export const standing = (round: Pick<Round, 'state' | 'paused_from'>): RoundState => (round.state === 'paused' ? round.paused_from ?? 'planned' : round.state)

/** Whether something was decided after the standing run: that run cannot be released any more. */
export const outdated = (round: Round, deviations: Deviation[]): boolean =>
  round.run !== null && deviations.some((one) => one.state === 'approved' && one.approved_at !== null && one.approved_at > (round.run?.verified_at ?? ''))

type Asker = { me: string | null; today: string; deviations: Deviation[]; steps?: RoundSteps | null }

/** The one thing that moves the round on, for the person who looks. */
export function nextOf(round: Round, asker: Asker): Next {
  switch (round.state) {
    case 'planned':
      if (asker.today <= round.key_date) return 'waitKeyDate'
      return asker.today >= round.config.draw_on ? 'drawOver' : 'freeze'
    case 'paused': return 'resume'
    case 'closed': return 'closed'
    case 'cancelled': return 'cancelled'
    case 'released':
      if (round.outcomes.waiting > 0) return 'sending'
      return round.outcomes.not_sent > 0 ? 'notSent' : 'close'
    default: return beforeRelease(round, asker)
  }
}

function beforeRelease(round: Round, { me, today, deviations, steps }: Asker): Next {
  const run = round.run
  if (!round.seed) {
    if (!run) return 'dryRun'
    if (today >= round.config.draw_on) {
      if (round.seed_entries >= 2) return 'seedDiffers'
      return round.seed_entered_by_me ? 'seedOther' : 'seed'
    }
    if (!round.conflicts_opened_by_me) return 'conflicts'
    return round.deviations_pending > 0 ? 'deviations' : 'waitDraw'
  }
  if (run?.kind !== 'final') return round.mode === 'coordinated' && !steps?.done ? stepNext(steps ?? null) : 'finalRun'
  if (round.deviations_pending === 0 && outdated(round, deviations)) return 'rerun'
  if (!round.conflicts_opened_by_me) return 'conflicts'
  if (round.deviations_pending > 0) return 'deviations'
  if (round.undecided > 0) return 'decide'
  return round.signatures.some((one) => one.account_id === me) ? 'signOther' : 'sign'
}

function stepNext(steps: RoundSteps | null): Next {
  if (steps && steps.open === null) return 'openSteps'
  return steps?.overdue ? 'stepOverdue' : 'stepRunning'
}

const LAST_DONE: Record<RoundState, number> = { planned: 1, frozen: 2, proposed: 3, in_review: 3, released: 8, closed: 10, paused: 0, cancelled: 0 }

/** Each step of the way: done, now, or still to come. */
export function marks(round: Round, next: Next): Record<StepId, Mark> {
  const state = standing(round)
  const done = new Set<StepId>(STEPS.slice(0, LAST_DONE[state]))
  if (round.run) done.add('dry')
  if (round.seed) { done.add('seed'); done.add('dry') }
  if (round.run?.kind === 'final' || next === 'finalRun') done.add('steps')
  if (round.run?.kind === 'final' && next !== 'rerun') done.add('final')
  if (state === 'released' && round.outcomes.waiting === 0) done.add('offers')
  const now = STEP_OF[next]
  const resting = round.state === 'paused' || round.state === 'cancelled' || round.state === 'closed'
  const of = (step: StepId): Mark => (!resting && step === now ? 'now' : done.has(step) ? 'done' : 'todo')
  return Object.fromEntries(STEPS.map((step) => [step, of(step)])) as Record<StepId, Mark>
}

export const canPause = (state: RoundState): boolean => ['frozen', 'proposed', 'in_review', 'released'].includes(state)
export const canCancel = (round: Round): boolean => ['planned', 'frozen', 'proposed', 'in_review'].includes(standing(round)) && round.state !== 'cancelled'
export const canDecide = (state: RoundState): boolean => ['frozen', 'proposed', 'in_review'].includes(state)
