import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useRefresh, useSend } from '../../api/hooks'
import type { Demand } from '../../api/types'
import { addDays, formatDate } from '../../lib/dates'
import { Actions, Alert, AskedButton, Button, Section } from '../../ui'
import { isRunning } from '../family/sentence'
import { MoveForm } from './forms'

/** Where the family lives, as far as it matters for its demand: as a guest, or before it moves here. */
export function OwnResidence({ demand }: { demand: Demand }): JSX.Element | null {
  const { t, i18n } = useTranslation('residence')
  const api = useApi()
  const refresh = useRefresh()
  const [open, setOpen] = useState(false)
  const { guest, move_in: move } = demand
  const path = `/demands/${demand.id}/move-in`
  const done = () => { setOpen(false); void refresh('/demands') }
  const cancel = useSend(async () => { await api.delete(path, { version: move?.version ?? 0 }); done() })
  const date = (day: string | null) => formatDate(day, i18n.language)
  const mayChange = (demand.state === 'draft' || isRunning(demand)) && move?.state !== 'proven'
  if (!guest && !move && !mayChange) return null
  const says = guest && (guest.state === 'granted' && guest.valid_until ? t('family.guest.grantedUntil', { date: date(addDays(guest.valid_until, -1)) }) : t(`family.guest.${guest.state}`))
  return (
    <Section title={t('family.title')} id="wohnort">
      {guest?.lapse && (
        <Alert tone={guest.lapse.decision === 'own_costs' ? 'success' : 'warning'} title={t(guest.lapse.withdrawn ? 'lapse.family.withdrawn' : 'lapse.family.ended', { date: date(guest.lapse.lapses_on) })}>
          <p className="kern-body">{guest.lapse.decision === 'own_costs' || guest.lapse.decision === 'notice' ? t(`lapse.family.${guest.lapse.decision}`) : t('lapse.family.open', { date: date(guest.lapse.decide_by) })}</p>
        </Alert>
      )}
      {says && !guest?.lapse && <Alert tone={guest.state === 'refused' ? 'warning' : guest.state === 'granted' ? 'success' : 'info'} title={says} />}
      {move && (
        <Alert tone={move.state === 'overdue' ? 'warning' : move.state === 'proven' ? 'success' : 'info'} title={t(move.state === 'overdue' ? 'family.move.late' : move.state === 'proven' ? 'family.move.here' : 'family.move.title', { date: date(move.move_on), city: move.city })}>
          <p className="kern-body">{t(`family.move.${move.state}`)}</p>
          {demand.legal_claim && move.state !== 'proven' && <p className="kern-body">{t('family.clock')}</p>}
        </Alert>
      )}
      {!move && mayChange && <p className="kern-body">{t('family.planText')}</p>}
      {mayChange && !open && (
        <Actions>
          <Button kind="secondary" onClick={() => setOpen(true)}>{move ? t('family.change') : t('family.plan')}</Button>
          {move && <AskedButton label={t('family.cancel')} title={t('family.cancelTitle')} problem={cancel.error} onRun={async () => Boolean((await cancel.run())?.ok)}>{t('family.cancelText')}</AskedButton>}
        </Actions>
      )}
      {open && <MoveForm path={path} move={move} newest={async () => (await api.get<Demand>(`/demands/${demand.id}`)).move_in} save={t('family.save')} onSaved={done} onCancel={() => setOpen(false)} />}
    </Section>
  )
}
