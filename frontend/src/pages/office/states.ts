import type { DemandState } from '../../api/types'

/** The states of a demand that was sent, in the order of the field. */
export const STATES: DemandState[] = ['submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered', 'closed', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded']
