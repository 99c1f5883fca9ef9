import { useTranslation } from 'react-i18next'
import type {
  AgeBand, CareType, ContractState, DeclineReason, DemandState, FacilityKind, OfferState, PreferenceState,
  ProviderKind, RefuseReason, Role, ToldBy,
} from '../api/types'
import type { IconName, Tone } from '../ui'

/** The words of the interface for the values of the API, in the language of the page. */
export function useWords() {
  const { t, i18n } = useTranslation()
  const known = (key: string): string | null => (i18n.exists(`common:${key}`) ? String(i18n.t(`common:${key}` as never)) : null)
  return {
    careType: (value: CareType) => t(`careType.${value}`),
    ageBand: (value: AgeBand) => t(`ageBand.${value}`),
    facilityKind: (value: FacilityKind) => t(`facilityKind.${value}`),
    providerKind: (value: ProviderKind) => t(`providerKind.${value}`),
    demandState: (value: DemandState) => t(`demandState.${value}`),
    preferenceState: (value: PreferenceState) => t(`preferenceState.${value}`),
    offerState: (value: OfferState) => t(`offerState.${value}`),
    contractState: (value: ContractState) => t(`contractState.${value}`),
    refuseReason: (value: RefuseReason) => t(`refuseReason.${value}`),
    declineReason: (value: DeclineReason) => t(`declineReason.${value}`),
    role: (value: Role) => t(`role.${value}`),
    /** What a family without an account said, on which day, and in which way. */
    told: (said: string, on: string, by: ToldBy) => t('told.line', { said: t(`told.said.${said as 'accepted'}`), on, by: t(`told.by.${by}`) }),
    /** The ground that stands in a history: a word of ours where it is one of a list, else what somebody wrote. */
    ground: (kind: string, ground: string) => {
      const list = { told: 'told.said', refuse: 'refuseReason', declined: 'declineReason', decline: 'declineReason' }[kind]
      const key = kind === 'siblings_answered' ? `told.said.siblings_${ground}` : list && `${list}.${ground}`
      return (key && known(key)) || ground
    },
    childLabel: (label: string | null | undefined) => label || t('child.expected'),
  }
}

/** Whether the facility still owes the family its answer; only then does the day for it count. */
export const awaitsAnswer = (state: PreferenceState): boolean => state === 'received' || state === 'under_review'

export type Look = { tone: Tone | 'neutral'; icon: IconName }
/** How a state looks as a badge: the picture differs as well as the colour. */
export const PREFERENCE_LOOK: Record<PreferenceState, Look> = {
  received: { tone: 'info', icon: 'mail' },
  under_review: { tone: 'info', icon: 'search' },
  invited: { tone: 'info', icon: 'calendar' },
  waitlisted: { tone: 'warning', icon: 'clock' },
  offered: { tone: 'success', icon: 'home' },
  accepted: { tone: 'success', icon: 'check-circle' },
  contracted: { tone: 'success', icon: 'document' },
  paused: { tone: 'neutral', icon: 'pause' },
  refused: { tone: 'danger', icon: 'x-circle' },
  declined: { tone: 'neutral', icon: 'x-circle' },
  withdrawn: { tone: 'neutral', icon: 'back' },
  offer_expired: { tone: 'warning', icon: 'clock' },
  covered_elsewhere: { tone: 'neutral', icon: 'check' },
}
export const DEMAND_LOOK: Record<DemandState, Look> = {
  draft: { tone: 'neutral', icon: 'edit' },
  submitted: { tone: 'info', icon: 'mail' },
  confirmed: { tone: 'info', icon: 'check-circle' },
  in_allocation: { tone: 'info', icon: 'people' },
  offer_pending: { tone: 'success', icon: 'home' },
  covered: { tone: 'success', icon: 'check-circle' },
  closed: { tone: 'neutral', icon: 'check' },
  withdrawn: { tone: 'neutral', icon: 'back' },
  expired: { tone: 'warning', icon: 'clock' },
  not_entitled: { tone: 'danger', icon: 'x-circle' },
  moved_away: { tone: 'neutral', icon: 'forward' },
  superseded: { tone: 'neutral', icon: 'refresh' },
}
