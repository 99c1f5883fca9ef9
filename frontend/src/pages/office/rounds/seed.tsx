import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useRefresh, useSend } from '../../../api/hooks'
import type { Round } from '../../../api/round-types'
import { Button, ErrorSummary, TextField, useFieldErrors } from '../../../ui'

type Props = { round: Round; repeat: boolean; onDone: (message: string) => void }

/** What the public draw gave; two persons enter it without seeing each other's, and once they agree it stands. */
export function SeedForm({ round, repeat, onDone }: Props): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const [seed, setSeed] = useState('')
  const [tried, setTried] = useState(false)
  const [open, setOpen] = useState(!round.seed_entered_by_me)
  const send = useSend(async () => {
    const after = await api.post<Round>(`/rounds/${round.id}/seed`, { seed: seed.trim() })
    await refresh('/rounds')
    return after.seed
  })
  const error = tried && !seed.trim() ? t('seed.need') : serverErrors(send.error)['seed'] ?? null
  const submit = async () => {
    setTried(true)
    if (!seed.trim()) return
    const answer = await send.run()
    if (answer?.ok) { setSeed(''); setTried(false); onDone(answer.value ? t('done.seedStands') : t('done.seedEntered')) }
  }
  if (!open) return <div><Button kind="secondary" onClick={() => setOpen(true)}>{t('seed.again')}</Button></div>
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={error ? [{ id: 'seed', message: error }] : []} problem={send.error} />
      <TextField id="seed" label={t('seed.label')} hint={t('seed.hint', { source: round.config.draw_source })} width="md" autoComplete="off" maxLength={200} value={seed} onChange={setSeed} error={error} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{repeat ? t('seed.change') : t('seed.enter')}</Button></div>
    </form>
  )
}
