import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ApiError } from '../../../api/client'
import { useApi } from '../../../api/context'
import { useGet, useRefresh, useSend } from '../../../api/hooks'
import type { CaseDetail, Deviation, DeviationState, Round } from '../../../api/round-types'
import type { Items } from '../../../api/types'
import { useSession } from '../../../app/session'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Badge, Button, EmptyState, ErrorState, Link, ProblemView, Skeleton, type IconName, type Tone } from '../../../ui'
import { useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { canDecide } from './steps'
import { usePersons } from './words'

const LOOK: Record<DeviationState, { tone: Tone | 'neutral'; icon: IconName }> = {
  proposed: { tone: 'warning', icon: 'clock' },
  approved: { tone: 'success', icon: 'check-circle' },
  withdrawn: { tone: 'neutral', icon: 'back' },
}

type ItemProps = { round: Round; deviation: Deviation; facility: string; onChanged: (message: string) => void }
/** One deviation: what, why, who wanted it and who agreed or is missing. */
export function DeviationItem({ round, deviation, facility, onChanged }: ItemProps): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const person = usePersons()
  const mayWrite = useMayWrite()
  const { session } = useSession()
  const send = useSend(async (step: 'approve' | 'withdraw') => {
    await api.post(`/rounds/${round.id}/deviations/${deviation.id}/${step}`, {})
    await refresh('/rounds')
  })
  const run = async (step: 'approve' | 'withdraw') => { if ((await send.run(step))?.ok) onChanged(t(`done.${step}`)) }
  const mine = deviation.proposed_by === session.account?.id
  const open = mayWrite && canDecide(round.state) && deviation.state !== 'withdrawn'
  return (
    <>
      <div className="kp-row"><strong>{t(`deviation.kind.${deviation.kind}`, { facility })}</strong><Badge {...LOOK[deviation.state]}>{t(`deviation.state.${deviation.state}`)}</Badge></div>
      <p className="kern-body">{t(`deviation.reason.${deviation.reason}`)}: {deviation.note}</p>
      <p className="kp-small kp-muted">
        {t('deviation.proposedBy', { who: person(deviation.proposed_by, deviation.proposed_by_name), time: format.dateTime(deviation.proposed_at) })}{' · '}
        {deviation.approved_by ? t('deviation.approvedBy', { who: person(deviation.approved_by, deviation.approved_by_name), time: format.dateTime(deviation.approved_at) }) : deviation.state === 'proposed' ? t('deviation.missing') : t('deviation.neverApproved')}
      </p>
      <ProblemView problem={send.error} />
      {open && (
        <div className="kp-dense__acts">
          {deviation.state === 'proposed' && !mine && <Button small icon="check" busy={send.busy} onClick={() => void run('approve')}>{t('deviation.approve')}</Button>}
          <Button small kind="secondary" busy={send.busy} onClick={() => void run('withdraw')}>{t('deviation.withdraw')}</Button>
        </div>
      )}
    </>
  )
}

/** A deviation in the list of a round names the child as well, which only its case knows. */
function WithCase({ round, deviation, onChanged }: Omit<ItemProps, 'facility'>): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const words = useWords()
  const { data } = useGet<CaseDetail>(`/rounds/${round.id}/cases/${deviation.case_id}`, undefined, { staleTime: 60_000 })
  const facility = data?.wishes.find((wish) => wish.preference_id === deviation.preference_id)?.facility_name ?? '…'
  return (
    <li>
      <Link to={to(`/amt/vergabe/${round.id}/faelle?fall=${deviation.case_id}`)}>{data ? words.childLabel(data.case.child.label) : t('case.title')}</Link>
      <DeviationItem round={round} deviation={deviation} facility={facility} onChanged={onChanged} />
    </li>
  )
}

/** All deviations of a round; those that wait for a second person come first. */
export function Deviations({ round, query, onChanged }: { round: Round; query: UseQueryResult<Items<Deviation>, ApiError>; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('rounds')
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={3} />
  const items = [...query.data.items].sort((a, b) => Number(b.state === 'proposed') - Number(a.state === 'proposed'))
  if (items.length === 0) return <EmptyState title={t('deviations.empty')}><p>{t('deviations.emptyText')}</p></EmptyState>
  return (
    <>
      <p className="kern-body">{t('deviations.text')}</p>
      <ul className="kp-decided">{items.map((one) => <WithCase key={one.id} round={round} deviation={one} onChanged={onChanged} />)}</ul>
    </>
  )
}
