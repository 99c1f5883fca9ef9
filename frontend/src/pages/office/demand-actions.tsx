import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { DemandState, OfficeDemandDetail } from '../../api/types'
import { useWords } from '../../lib/words'
import { DemandTold, OfferOfDemandTold } from '../told'
import { DemandChangeTold } from '../told/change'
import { Alert, Button, Dialog, ErrorSummary, ProblemView, RadioGroup, TextArea } from '../../ui'

type Props = { demand: OfficeDemandDetail; onChanged: (message: string) => void; onReload: () => void }
const ENDS = ['not_entitled', 'moved_away', 'superseded', 'withdrawn', 'expired'] as const
type End = (typeof ENDS)[number]
const OPEN: DemandState[] = ['submitted', 'confirmed', 'in_allocation', 'offer_pending']
// Also after the key date: what came by then and is opened now is in time.
const MAY_CHANGE: DemandState[] = ['submitted', 'confirmed']

function CloseDialog({ demand, onClose, onDone }: { demand: OfficeDemandDetail; onClose: () => void; onDone: (state: End) => void }): JSX.Element {
  const { t } = useTranslation('office')
  const { t: common } = useTranslation()
  const api = useApi()
  const [state, setState] = useState<End | ''>('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const error = tried && state === '' ? t('close.need') : null
  // Who has no account says so by an answer; only who let all letters go unanswered has run out.
  const ends = ENDS.filter((end) => (end === 'withdrawn' ? demand.has_account : end !== 'expired' || demand.unanswered))
  const needsNote = state === 'not_entitled'
  const noteError = tried && needsNote && !note.trim() ? t('close.needNote') : null
  const send = useSend((end: End) => api.post(`/office/demands/${demand.id}/close`, { state: end, note: note.trim() || null }, { version: demand.version }))
  const submit = async () => {
    setTried(true)
    if (state === '' || (needsNote && !note.trim())) return
    const answer = await send.run(state)
    if (answer?.ok) onDone(state)
  }
  return (
    <Dialog
      open
      title={t('close.title')}
      onClose={onClose}
      footer={<><Button danger busy={send.busy} onClick={() => void submit()}>{t('close.send')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={[...(error ? [{ id: 'close-state', message: error }] : []), ...(noteError ? [{ id: 'close-note', message: noteError }] : [])]} problem={send.error} />
      <p className="kern-body">{t('close.text')}</p>
      <RadioGroup id="close-state" label={t('close.reason')} value={state} onChange={setState} error={error} options={ends.map((value) => ({ value, label: t(`close.state.${value}`) }))} />
      <TextArea id="close-note" label={t('close.note')} hint={t('close.noteHint')} optional={!needsNote} error={noteError} rows={3} maxLength={500} value={note} onChange={setNote} />
    </Dialog>
  )
}

/** What the office decides about a demand. */
export function DemandActions({ demand, onChanged, onReload }: Props): JSX.Element | null {
  const { t } = useTranslation('office')
  const api = useApi()
  const words = useWords()
  const { t: told } = useTranslation('told')
  const [open, setOpen] = useState<'close' | 'told' | 'change' | 'offer' | null>(null)
  const confirm = useSend(() => api.post(`/office/demands/${demand.id}/confirm`, {}, { version: demand.version }))
  const mismatch = useSend((wrong: boolean) => api.post(`/office/demands/${demand.id}/register-mismatch`, { mismatch: wrong }, { version: demand.version }))
  const problem = confirm.error ?? mismatch.error
  const child = words.childLabel(demand.child.label)
  const onConfirm = async () => { if ((await confirm.run())?.ok) onChanged(t('done.confirm', { child })) }
  const onMismatch = async () => {
    const wrong = !demand.register_mismatch
    if ((await mismatch.run(wrong))?.ok) onChanged(wrong ? t('done.mismatch', { child }) : t('done.match', { child }))
  }
  const isOpen = OPEN.includes(demand.state)
  const offered = demand.preferences.find((row) => row.state === 'offered')
  const answered = { onClose: () => setOpen(null), onDone: (message: string) => { setOpen(null); onChanged(message) } }
  if (!isOpen && !demand.register_mismatch) return null
  return (
    <div className="kp-stack">
      {problem?.isStale
        ? <Alert tone="warning" live title={t('demand.stale')}><Button small kind="secondary" onClick={() => { confirm.clear(); mismatch.clear(); onReload() }}>{t('demand.showNew')}</Button></Alert>
        : <ProblemView problem={problem} />}
      <div className="kp-dense__acts">
        {demand.state === 'submitted' && <Button small icon="check" busy={confirm.busy} onClick={() => void onConfirm()}>{t('act.confirm')}</Button>}
        <Button small kind="secondary" busy={mismatch.busy} onClick={() => void onMismatch()}>{demand.register_mismatch ? t('act.match') : t('act.mismatch')}</Button>
        {isOpen && !demand.has_account && <Button small kind="secondary" onClick={() => setOpen('told')}>{told('act')}</Button>}
        {MAY_CHANGE.includes(demand.state) && !demand.has_account && <Button small kind="secondary" onClick={() => setOpen('change')}>{told('change.act')}</Button>}
        {offered && !demand.has_account && <Button small kind="secondary" onClick={() => setOpen('offer')}>{told('actOffer')}</Button>}
        {isOpen && <Button small kind="secondary" danger onClick={() => setOpen('close')}>{t('act.close')}</Button>}
      </div>
      {open === 'told' && <DemandTold demand={demand} {...answered} />}
      {open === 'change' && <DemandChangeTold demand={demand} {...answered} />}
      {open === 'offer' && offered && <OfferOfDemandTold demand={demand} facility={offered.facility_id} {...answered} />}
      {open === 'close' && <CloseDialog demand={demand} onClose={() => setOpen(null)} onDone={(state) => { setOpen(null); onChanged(t('done.close', { child, state: words.demandState(state) })) }} />}
    </div>
  )
}
