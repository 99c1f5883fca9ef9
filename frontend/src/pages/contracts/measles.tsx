import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import { formatDate, toIso, toParts, today } from '../../lib/dates'
import { Button, DateField, ProblemView, useFieldErrors } from '../../ui'

/** The proof of protection against measles: that it was shown, when, and to whom. No document is kept. */
export function Measles({ contract, decides, onDone }: { contract: ContractDetail; decides: boolean; onDone: (message: string, next: ContractDetail) => void }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [day, setDay] = useState(() => toParts(today()))
  const send = useSend((shown_on: string | null) => api.put<ContractDetail>(`/staff/contracts/${contract.id}/measles-proof`, { shown_on }, { version: contract.version }))
  const iso = toIso(day)
  const error = iso ? fieldErrors(send.error)['shown_on'] : t('staff.needDay')
  const note = async (shown_on: string | null) => {
    const answer = await send.run(shown_on)
    if (answer?.ok) onDone(t(shown_on ? 'measles.noted' : 'measles.taken'), answer.value)
  }
  const { measles_shown_on: shown, measles_seen_by: by } = contract
  const over = contract.state === 'terminated' || contract.state === 'ended'
  return (
    <section className="kp-stack kp-stack--small">
      <h3>{t('measles.title')}</h3>
      <p className="kern-body">{shown ? t(by ? 'measles.shownTo' : 'measles.shown', { date: formatDate(shown, i18n.language), name: by ?? '' }) : t('measles.missing')}</p>
      {!error && <ProblemView problem={send.error} />}
      {decides && !over && !shown && (
        <>
          <p className="kern-body kp-muted">{t('measles.text')}</p>
          <DateField id="measles_shown_on" label={t('measles.shownOn')} value={day} onChange={setDay} error={error ?? null} />
          <div><Button small kind="secondary" busy={send.busy} onClick={() => { if (iso) void note(iso) }}>{t('measles.note')}</Button></div>
        </>
      )}
      {decides && !over && shown && <div><Button small kind="tertiary" busy={send.busy} onClick={() => void note(null)}>{t('measles.take')}</Button></div>}
    </section>
  )
}
