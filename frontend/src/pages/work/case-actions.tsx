import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import type { RefuseReason, StaffPreference, StaffPreferenceDetail } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Button, Link, ProblemView, TextArea } from '../../ui'
import { useFormat } from '../../staff'
import { OfferForm } from './offer-form'
import { RefuseDialog } from './refuse'
import { can, take, type Step, type StepBody } from './steps'

type Props = {
  row: StaffPreferenceDetail
  onChanged: (message: string, undo?: () => Promise<void>) => void
  onReload: () => void
}
type Mode = 'none' | 'refuse' | 'offer' | 'invite'

function Stale({ onReload }: { onReload: () => void }): JSX.Element {
  const { t } = useTranslation('work')
  return (
    <Alert tone="warning" live title={t('case.stale')}>
      <Button small kind="secondary" onClick={onReload}>{t('case.showNew')}</Button>
    </Alert>
  )
}

/** What can be decided about this preference now; each step names what it does and can be taken back where the law of the states allows it. */
export function CaseActions({ row, onChanged, onReload }: Props): JSX.Element {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const tenant = useTenant()
  const to = useTo()
  const [mode, setMode] = useState<Mode>('none')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState<Step | null>(null)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const child = words.childLabel(row.child.label)
  const run = async (step: Exclude<Step, 'offer'>, body: StepBody = {}) => {
    setBusy(step)
    setProblem(null)
    try {
      const after: StaffPreference = await take(api, row, step, body)
      setMode('none')
      const undo = step !== 'reopen'
        ? async () => { await take(api, after, 'reopen'); onChanged(t('done.reopen', { child })) }
        : undefined
      onChanged(t(`done.${step}`, { child }), undo)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(error)
    } finally {
      setBusy(null)
    }
  }
  const refuse = (reason: RefuseReason, text: string | null) => void run('refuse', { reason, note: text })
  const stale = problem?.isStale || problem?.code === 'preference.wrong_state'
  return (
    <div className="kp-stack">
      {stale ? <Stale onReload={() => { setProblem(null); onReload() }} /> : mode !== 'refuse' && <ProblemView problem={problem} />}
      {row.open_offer && (
        <Alert tone="success" title={t('case.openOffer', { date: format.date(row.open_offer.deadline_on) })}>
          <p className="kern-body">{t('case.openOfferText', { start: format.date(row.open_offer.care_from), hours: row.open_offer.hours_per_week })}</p>
          {row.open_offer.week && <p className="kern-body">{format.times(row.open_offer)}</p>}
        </Alert>
      )}
      {mode === 'none' && (
        <div className="kp-dense__acts">
          {can('offer', row.state) && tenant.allocation_mode === 'decentral' && <Button small icon="home" onClick={() => setMode('offer')}>{t('act.offer')}</Button>}
          {can('review', row.state) && <Button small kind="secondary" busy={busy === 'review'} onClick={() => void run('review')}>{t('act.review')}</Button>}
          {can('invite', row.state) && <Button small kind="secondary" onClick={() => setMode('invite')}>{t('act.invite')}</Button>}
          {can('waitlist', row.state) && <Button small kind="secondary" busy={busy === 'waitlist'} onClick={() => void run('waitlist')}>{t('act.waitlist')}</Button>}
          {can('reopen', row.state) && <Button small kind="secondary" busy={busy === 'reopen'} onClick={() => void run('reopen')}>{t('act.reopen')}</Button>}
          {can('refuse', row.state) && <Button small kind="secondary" danger onClick={() => setMode('refuse')}>{t('act.refuse')}</Button>}
        </div>
      )}
      {mode === 'none' && can('offer', row.state) && tenant.allocation_mode !== 'decentral' && (
        <p className="kp-small">{t('case.officeOffers')} <Link to={to('/arbeit/nachruecken')}>{t('case.toList')}</Link></p>
      )}
      {mode === 'invite' && (
        <form className="kp-stack" onSubmit={(event) => { event.preventDefault(); void run('invite', { note: note.trim() || null }) }}>
          <TextArea label={t('invite.note')} hint={t('invite.hint')} optional rows={3} maxLength={500} value={note} onChange={setNote} />
          <div className="kp-actions"><Button small type="submit" busy={busy === 'invite'}>{t('invite.send')}</Button><Button small kind="secondary" onClick={() => setMode('none')}>{common('action.cancel')}</Button></div>
        </form>
      )}
      {mode === 'offer' && <OfferForm row={row} onCancel={() => setMode('none')} onSent={() => { setMode('none'); onChanged(t('done.offer', { child })) }} />}
      <RefuseDialog open={mode === 'refuse'} count={1} busy={busy === 'refuse'} problem={stale ? null : problem} onClose={() => { setMode('none'); setProblem(null) }} onRefuse={refuse} />
    </div>
  )
}
