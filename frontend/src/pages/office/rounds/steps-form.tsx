import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useIdempotencyKey, useRefresh, useSend } from '../../../api/hooks'
import type { Round } from '../../../api/round-types'
import { Button, ErrorSummary, TextField, useFieldErrors } from '../../../ui'

/** Opens the first step: how many days facilities have to answer each of them. */
export function StepsForm({ round, onDone }: { round: Round; onDone: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [days, setDays] = useState('5')
  const [tried, setTried] = useState(false)
  const wrong = !/^([1-9]|[1-5]\d|60)$/.test(days.trim())
  const send = useSend(async () => {
    await api.post(`/rounds/${round.id}/steps`, { days: Number(days) }, { idempotencyKey: key() })
    await refresh('/rounds')
  })
  const error = tried && wrong ? t('office.daysWrong') : serverErrors(send.error)['days'] ?? null
  const submit = async () => {
    setTried(true)
    if (!wrong && (await send.run())?.ok) onDone(t('office.opened'))
  }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={error ? [{ id: 'days', message: error }] : []} problem={send.error} />
      <TextField id="days" label={t('office.days')} hint={t('office.daysHint')} width="xs" inputMode="numeric" value={days} onChange={(next) => { renew(); setDays(next) }} error={error} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('office.open')}</Button></div>
    </form>
  )
}
