import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { FacilityMode, RoundChoice, StaffRound, StaffRoundFacility } from '../../api/round-types'
import type { Items } from '../../api/types'
import { hasRole, useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { Button, ButtonLink, Checkbox, Dialog, ErrorState, ProblemView, RadioGroup, Section } from '../../ui'
import { useFormat, useUndo } from '../../staff'
import { StandBadge } from '../office/rounds/facility-steps'

const MODES: FacilityMode[] = ['by_points', 'by_hand']

function ChoiceDialog({ round, facility, onClose, onDone }: { round: StaffRound; facility: StaffRoundFacility; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const { t: common } = useTranslation()
  const api = useApi()
  const refresh = useRefresh()
  const [choice, setChoice] = useState<RoundChoice>({ mode: facility.mode, continue_by_points: facility.continue_by_points })
  const send = useSend(async () => {
    await api.put(`/staff/rounds/${round.id}/facilities/${facility.facility_id}/choice`, choice, { version: facility.version })
    await refresh('/staff/rounds')
  })
  const submit = async () => { if ((await send.run())?.ok) onDone() }
  return (
    <Dialog
      open
      title={t('choice.title', { facility: facility.facility_name })}
      onClose={onClose}
      footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('choice.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ProblemView problem={send.error} />
      <RadioGroup id="mode" label={t('choice.mode')} value={choice.mode} onChange={(mode) => setChoice((old) => ({ ...old, mode }))} options={MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}.label`), hint: t(`mode.${mode}.hint`) }))} />
      {choice.mode === 'by_hand' && <Checkbox label={t('choice.goOn')} hint={t('choice.goOnHint')} checked={choice.continue_by_points} onChange={(on) => setChoice((old) => ({ ...old, continue_by_points: on }))} />}
    </Dialog>
  )
}

function Round({ round, decides, onDone }: { round: StaffRound; decides: boolean; onDone: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const to = useTo()
  const format = useFormat()
  const [asked, setAsked] = useState<StaffRoundFacility | null>(null)
  const open = round.step !== null && round.step.closed_at === null
  return (
    <Section title={round.name}>
      <p className="kern-body">
        {open && round.step ? t('office.open_step', { number: round.step.number, day: format.date(round.step.due_on), due: format.due(round.step.due_on) }) : round.done ? t('board.done') : t('work.before', { key: format.date(round.key_date) })}
      </p>
      <ul className="kp-decided">
        {round.facilities.map((one) => (
          <li key={one.facility_id}>
            <strong>{one.facility_name}</strong>
            <span>{t(`mode.${one.mode}.label`)}{!one.chosen && ` (${t('work.default')})`}</span>
            {one.stand && open && <div><StandBadge stand={one.stand} /></div>}
            <div className="kp-actions">
              {round.step && <ButtonLink small kind={one.stand === 'awaited' ? 'primary' : 'secondary'} to={to(`/arbeit/vergabe/${round.id}/${one.facility_id}`)} aria-label={t('work.openFor', { facility: one.facility_name })}>{t('work.open')}</ButtonLink>}
              {round.may_choose && decides && <Button small kind="secondary" onClick={() => setAsked(one)} aria-label={t('work.chooseFor', { facility: one.facility_name })}>{t('work.choose')}</Button>}
            </div>
          </li>
        ))}
      </ul>
      {asked && <ChoiceDialog round={round} facility={asked} onClose={() => setAsked(null)} onDone={() => { setAsked(null); onDone(t('choice.done')) }} />}
    </Section>
  )
}

/** Coordinated rounds under way, in which the facilities of whoever looks propose. */
export function StaffRounds(): JSX.Element | null {
  const { session } = useSession()
  const { offer, bar } = useUndo()
  const query = useGet<Items<StaffRound>>('/staff/rounds')
  const decides = hasRole(session, ['facility_manager', 'provider_manager', 'childminder'])
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  const rounds = (query.data?.items ?? []).filter((round) => round.facilities.length > 0)
  return <>{rounds.map((round) => <Round key={round.id} round={round} decides={decides} onDone={(message) => offer(message)} />)}{bar}</>
}
