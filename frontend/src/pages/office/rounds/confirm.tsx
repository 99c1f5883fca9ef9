import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useRefresh, useSend } from '../../../api/hooks'
import type { Round } from '../../../api/round-types'
import { Alert, Button, Dialog, ProblemView } from '../../../ui'
import { standing } from './steps'

export type Ask = 'freeze' | 'release' | 'pause' | 'resume' | 'cancel' | 'close'
type Props = { ask: Ask; round: Round; onClose: () => void; onDone: (message: string) => void; onReload: () => void }

/** Asks once before a step, with its consequence in the sentence. */
export function Confirm({ ask, round, onClose, onDone, onReload }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: common } = useTranslation()
  const api = useApi()
  const refresh = useRefresh()
  const second = ask === 'release' && round.signatures.length > 0
  // The same step means something else before and after the families heard of it.
  const kind = ask === 'release' ? (second ? 'releaseSecond' : 'releaseFirst') : ask === 'pause' && standing(round) === 'released' ? 'pauseReleased' : ask
  const send = useSend(async () => {
    const body = ask === 'release' ? { run_id: round.run?.id } : ask === 'freeze' ? { dry_run: true } : {}
    await api.post(`/rounds/${round.id}/${ask}`, body, { version: round.version })
    await refresh('/rounds', '/office', '/allocations')
  })
  const submit = async () => { if ((await send.run())?.ok) onDone(t(`done.${kind}`)) }
  const label = send.error?.code === 'round.points_being_counted' ? common('action.retry') : t(`ask.${kind}.send`)
  const figures = round.run?.figures
  const gaps = { children: figures?.children ?? 0, placed: figures?.placed ?? 0, unplaced: figures?.unplaced ?? 0, waiting: round.outcomes.decided }
  return (
    <Dialog
      open
      title={t(`ask.${kind}.title`)}
      onClose={onClose}
      footer={<><Button danger={ask === 'cancel'} busy={send.busy} onClick={() => void submit()}>{label}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      {send.error?.isStale || send.error?.code === 'round.wrong_state'
        ? <Alert tone="warning" live title={t('stale')}><Button small kind="secondary" onClick={onReload}>{t('showNew')}</Button></Alert>
        : <ProblemView problem={send.error} />}
      <p className="kern-body">{t(`ask.${kind}.text`, gaps)}</p>
    </Dialog>
  )
}
