import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../../api/client'
import type { RefuseReason } from '../../api/types'
import { useWords } from '../../lib/words'
import { Button, Dialog, ErrorSummary, RadioGroup, TextArea } from '../../ui'

const REASONS: RefuseReason[] = ['no_place', 'age', 'hours', 'residence', 'group_mix', 'criteria', 'other']
type Props = {
  open: boolean
  count: number
  busy: boolean
  problem: ApiError | null
  onClose: () => void
  onRefuse: (reason: RefuseReason, note: string | null) => void
}

/** A refusal has a reason from the list; a note of one's own explains "other". */
export function RefuseDialog({ open, count, busy, problem, onClose, onRefuse }: Props): JSX.Element {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  const words = useWords()
  const [reason, setReason] = useState<RefuseReason | ''>('')
  const [note, setNote] = useState('')
  const [tried, setTried] = useState(false)
  const errors: Record<string, string | null> = {
    reason: reason === '' ? t('refuse.needReason') : null,
    note: reason === 'other' && !note.trim() ? t('refuse.needNote') : null,
  }
  const shown = tried ? errors : { reason: null, note: null }
  const send = () => {
    setTried(true)
    if (reason !== '' && !errors['note']) onRefuse(reason, note.trim() || null)
  }
  return (
    <Dialog
      open={open}
      title={t('refuse.title', { count })}
      onClose={onClose}
      footer={<><Button danger busy={busy} onClick={send}>{t('refuse.send', { count })}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={Object.entries(shown).flatMap(([id, message]) => (message ? [{ id: `refuse-${id}`, message }] : []))} problem={problem} />
      <p className="kern-body">{t('refuse.text', { count })}</p>
      <RadioGroup id="refuse-reason" label={t('refuse.reason')} value={reason} onChange={setReason} error={shown['reason']} options={REASONS.map((value) => ({ value, label: words.refuseReason(value) }))} />
      <TextArea id="refuse-note" label={t('refuse.note')} hint={t('refuse.noteHint')} optional={reason !== 'other'} rows={3} maxLength={500} value={note} onChange={setNote} error={shown['note']} />
    </Dialog>
  )
}
