import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseAnswer, CaseFlag, CaseOutcome, RoundCase, RoundState } from '../../../api/round-types'
import { useGet } from '../../../api/hooks'
import type { FacilityMarkers, FacilityDetail } from '../../../api/types'
import { useSession } from '../../../app/session'
import type { IconName, Tone } from '../../../ui'
import { Badge } from '../../../ui'

type Look = { tone: Tone | 'neutral'; icon: IconName }
const ROUND_LOOK: Record<RoundState, Look> = {
  planned: { tone: 'neutral', icon: 'calendar' },
  frozen: { tone: 'info', icon: 'lock' },
  proposed: { tone: 'info', icon: 'document' },
  in_review: { tone: 'warning', icon: 'search' },
  released: { tone: 'success', icon: 'check-circle' },
  closed: { tone: 'neutral', icon: 'check' },
  paused: { tone: 'warning', icon: 'pause' },
  cancelled: { tone: 'neutral', icon: 'x-circle' },
}
export const FLAGS: CaseFlag[] = ['exception', 'stay_does_not_fit', 'siblings_split', 'claim_unserved', 'deviation', 'passed_over', 'provider_order', 'lottery', 'evidence_missing', 'reserved', 'left']
const FLAG_LOOK: Record<CaseFlag, Look> = {
  exception: { tone: 'danger', icon: 'danger' },
  stay_does_not_fit: { tone: 'danger', icon: 'calendar' },
  siblings_split: { tone: 'warning', icon: 'people' },
  claim_unserved: { tone: 'warning', icon: 'warning' },
  deviation: { tone: 'info', icon: 'edit' },
  passed_over: { tone: 'warning', icon: 'people' },
  provider_order: { tone: 'info', icon: 'people' },
  lottery: { tone: 'neutral', icon: 'question' },
  evidence_missing: { tone: 'neutral', icon: 'document' },
  reserved: { tone: 'neutral', icon: 'lock' },
  left: { tone: 'neutral', icon: 'back' },
}
const OUTCOME_LOOK: Record<CaseOutcome, Look> = {
  none: { tone: 'neutral', icon: 'half' },
  waiting: { tone: 'info', icon: 'clock' },
  decided: { tone: 'neutral', icon: 'check' },
  offered: { tone: 'success', icon: 'home' },
  not_sent: { tone: 'danger', icon: 'danger' },
  left: { tone: 'neutral', icon: 'back' },
}

const ANSWER_LOOK: Record<CaseAnswer, Look> = {
  open: { tone: 'info', icon: 'clock' },
  accepted: { tone: 'success', icon: 'check-circle' },
  declined: { tone: 'warning', icon: 'x-circle' },
  expired: { tone: 'warning', icon: 'clock' },
  revoked: { tone: 'neutral', icon: 'back' },
}

export function RoundBadge({ state }: { state: RoundState }): JSX.Element {
  const { t } = useTranslation()
  return <Badge {...ROUND_LOOK[state]}>{t(`roundState.${state}`)}</Badge>
}
export function FlagBadge({ flag }: { flag: CaseFlag }): JSX.Element {
  const { t } = useTranslation('rounds')
  return <Badge {...FLAG_LOOK[flag]}>{t(`flag.${flag}.name`)}</Badge>
}
/** What came of a case in words: whether it moved up, and what the family said to its offer, if there is one. */
export function useCameOf(): (row: RoundCase) => string {
  const { t } = useTranslation('rounds')
  const { t: improve } = useTranslation('improve')
  return (row) => {
    const answer = answered(row)
    return [row.moved_up && t('moved.up'), row.improvement && improve(`state.${row.improvement.state}`), answer ? t(`answer.${answer}`) : t(`outcome.${row.outcome}`)].filter(Boolean).join(', ')
  }
}
const answered = (row: RoundCase): CaseAnswer | null => (row.outcome === 'offered' && row.answer !== 'open' ? row.answer : null)

/** The same as badges. */
export function CaseBadges({ row }: { row: RoundCase }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: improve } = useTranslation('improve')
  const answer = answered(row)
  return (
    <span className="kp-badges">
      {row.moved_up && <Badge tone="info" icon="people">{t('moved.up')}</Badge>}
      {row.improvement && <Badge tone={row.improvement.state === 'accepted' ? 'success' : 'info'} icon={row.improvement.state === 'accepted' ? 'check' : 'people'}>{improve(`state.${row.improvement.state}`)}</Badge>}
      {answer ? <Badge {...ANSWER_LOOK[answer]}>{t(`answer.${answer}`)}</Badge> : <Badge {...OUTCOME_LOOK[row.outcome]}>{t(`outcome.${row.outcome}`)}</Badge>}
    </span>
  )
}

/** How a person of a round is called: by name, or as the one who looks. */
export function usePersons(): (account: string | null, name: string | null) => string {
  const { t } = useTranslation('rounds')
  const me = useSession().session.account?.id
  return (account, name) => {
    if (account === null) return t('person.system')
    if (account === me) return name ? t('person.meNamed', { name }) : t('person.me')
    return name || t('person.gone')
  }
}

/** Names of facilities by id, from the one list that has them all. */
export function useFacilityNames(): (id: string | null) => string {
  const markers = useGet<FacilityMarkers>('/facilities/markers', undefined, { staleTime: 300_000 })
  return (id) => markers.data?.items.find((one) => one.id === id)?.name ?? ''
}
/** The name of one facility; one that stands on no map is asked for by itself. */
export function FacilityName({ id, names }: { id: string; names: (id: string) => string }): JSX.Element {
  const known = names(id)
  const { data } = useGet<FacilityDetail>(`/facilities/${id}`, undefined, { enabled: !known, staleTime: 300_000 })
  return <>{known || data?.name || '…'}</>
}
