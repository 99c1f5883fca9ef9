import { useTranslation } from 'react-i18next'
import type {
  AgeBand, CareType, ContractState, DeclineReason, DemandState, FacilityKind, OfferState, PreferenceState,
  ProviderKind, RefuseReason, Role,
} from '../api/types'
import type { IconName, Tone } from '../ui'

// What the service calls a child without a name, in the language of the account, which need not be the page's.
const UNBORN = ['erwartetes Kind', 'expected child']

/** The words of the interface for the values of the API, in the language of the page. */
export function useWords() {
  const { t } = useTranslation()
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
    childLabel: (label: string | null | undefined) => (!label || UNBORN.includes(label) ? t('child.expected') : label),
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
