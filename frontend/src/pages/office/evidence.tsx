import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useSend } from '../../api/hooks'
import type { Criterion, Items, OfficeDemandDetail } from '../../api/types'
import { EMPTY_DATE, isEmptyDate, toIso, type DateParts } from '../../lib/dates'
import { Badge, Button, DateField, ErrorState, ProblemView, Skeleton } from '../../ui'
import { useFormat } from '../../staff'

type Props = { demand: OfficeDemandDetail; mayWrite: boolean; onChanged: (message: string) => void }
const LOOK = {
  claimed: { tone: 'neutral', icon: 'clock' },
  seen: { tone: 'success', icon: 'check-circle' },
  rejected: { tone: 'danger', icon: 'x-circle' },
} as const

/** What the family claims: the office notes that it saw the paper and until when it holds, and keeps no copy. */
export function Evidence({ demand, mayWrite, onChanged }: Props): JSX.Element {
  const { t, i18n } = useTranslation('office')
  const { t: common } = useTranslation()
  const api = useApi()
  const format = useFormat()
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  const [open, setOpen] = useState<string | null>(null)
  const [until, setUntil] = useState<DateParts>(EMPTY_DATE)
  const [tried, setTried] = useState(false)
  const send = useSend((criterion: string, state: 'seen' | 'rejected', valid_until: string | null) =>
    api.put(`/office/demands/${demand.id}/evidence/${criterion}`, { state, valid_until }, { version: demand.version }))
  const claimed = demand.facts.filter((fact) => fact.claimed)
  if (criteria.isPending) return <Skeleton lines={2} />
  if (criteria.error) return <ErrorState problem={criteria.error} onRetry={() => void criteria.refetch()} />
  if (claimed.length === 0) return <p className="kern-body">{t('evidence.none')}</p>
  const record = async (id: string, title: string, state: 'seen' | 'rejected') => {
    setTried(true)
    if (!isEmptyDate(until) && !toIso(until)) return
    const answer = await send.run(id, state, state === 'seen' ? toIso(until) : null)
    if (!answer?.ok) return
    setOpen(null)
    setUntil(EMPTY_DATE)
    setTried(false)
    onChanged(t(`evidence.done.${state}`, { title }))
  }
  return (
    <div className="kp-stack">
      <p className="kern-body kp-small">{t('evidence.hint')}</p>
      <ProblemView problem={send.error} />
      <ul className="kp-plain-list">
        {claimed.map((fact) => {
          const criterion = criteria.data.items.find((entry) => entry.id === fact.criterion_id)
          const title = criterion?.title ?? t('evidence.unknown')
          const state = fact.evidence_state ?? 'claimed'
          const noted = demand.evidence.find((entry) => entry.criterion_id === fact.criterion_id)
          return (
            <li key={fact.criterion_id} className="kp-group">
              <div className="kp-row kp-row--between">
                <span><strong>{title}</strong>{criterion?.points != null && <span className="kp-muted"> – {t('evidence.points', { count: criterion.points })}</span>}{fact.number !== null && <span> – {fact.number}</span>}<br /><span className="kp-small">{criterion?.evidence}</span>{noted && <><br /><span className="kp-small kp-muted">{t('evidence.noted', { date: format.date(noted.seen_on), by: noted.seen_by ?? '–' })}{noted.valid_until && `, ${t('evidence.holds', { date: format.date(noted.valid_until) })}`}</span></>}</span>
                <Badge {...LOOK[state]}>{t(`evidence.state.${state}`)}</Badge>
              </div>
              {mayWrite && open !== fact.criterion_id && <div><Button small kind="tertiary" onClick={() => setOpen(fact.criterion_id)} aria-label={t('evidence.recordFor', { title })}>{t('evidence.record')}</Button></div>}
              {open === fact.criterion_id && (
                <div className="kp-stack">
                  <DateField id={`until-${fact.criterion_id}`} label={t('evidence.until')} optional value={until} onChange={setUntil} error={tried && !isEmptyDate(until) && !toIso(until) ? t('evidence.needDate') : null} />
                  <div className="kp-dense__acts">
                    <Button small busy={send.busy} onClick={() => void record(fact.criterion_id, title, 'seen')}>{t('evidence.seen')}</Button>
                    <Button small kind="secondary" danger busy={send.busy} onClick={() => void record(fact.criterion_id, title, 'rejected')}>{t('evidence.rejected')}</Button>
                    <Button small kind="tertiary" onClick={() => setOpen(null)}>{common('action.cancel')}</Button>
                  </div>
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
