import type { CaseWish, DeviationReason, ExplainedWish, Standing, WishExclusion, WishReason } from '../api/round-types'

/** The published list: for nothing else may a person depart from the order. */
export const REASONS: DeviationReason[] = ['court_order', 'hardship', 'inclusion', 'siblings_together', 'group_mix', 'data_error']

/** The sets of criteria by name and number; the ids that tell versions apart are for the record, not for people. */
export const criteriaNames = (sets: string): string => sets.replace(/ \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)/g, '')

/** Rank and points decide before any tie-break; they are the first two of a priority. */
export function standingOf(priority: readonly number[] | null | undefined): Standing | null {
  const [rank, points] = priority ?? []
  return rank === undefined || points === undefined ? null : { rank, points }
}

export type WhyWish = Pick<ExplainedWish, 'reason' | 'excluded' | 'own' | 'cutoff' | 'followup_rank' | 'lottery' | 'provider_reason' | 'decided'>
/** A case of the office in the shape in which families see it. */
export const asWhy = (wish: CaseWish): WhyWish => ({
  reason: wish.reason, excluded: wish.excluded, own: standingOf(wish.priority), cutoff: standingOf(wish.cutoff),
  followup_rank: wish.ahead === null ? null : wish.ahead + 1, lottery: wish.lottery, provider_reason: wish.provider_reason, decided: wish.decided,
})

export type WhyKey =
  | Exclude<WishReason, 'full' | 'not_eligible' | 'not_decided'>
  | `full_${'rank' | 'points' | 'draw' | 'equal' | 'secret'}`
  | `excluded_${WishExclusion | 'other'}`
  | 'not_decided' | 'placed_decided' | `provider_order_${'hand' | 'own' | 'other'}`

/** Which sentence says why this wish was met or not: the first thing in the order that made the difference. */
export function whyKey(wish: WhyWish): WhyKey {
  if (wish.excluded) return `excluded_${wish.excluded}`
  switch (wish.reason) {
    case null: return 'not_decided'
    case 'not_eligible': return 'excluded_other'
    case 'placed': return wish.decided ? 'placed_decided' : 'placed'
    case 'provider_order':
      if (wish.decided) return wish.decided === 'place' ? 'provider_order_other' : 'provider_order_own'
      // Of rounds whose runs did not keep the reason with the wish.
      return wish.provider_reason ? 'provider_order_hand' : 'provider_order'
    case 'full': return fullKey(wish)
    default: return wish.reason
  }
}

function fullKey({ own, cutoff, lottery }: WhyWish): WhyKey {
  if (!own || !cutoff) return 'full_secret'
  if (own.rank < cutoff.rank) return 'full_rank'
  if (own.rank === cutoff.rank && own.points < cutoff.points) return 'full_points'
  if (own.rank === cutoff.rank && own.points === cutoff.points) return lottery ? 'full_draw' : 'full_equal'
  // Kept places or bounds over several groups let a child with less in; the numbers alone would not explain that.
  return 'full_secret'
}
/** The place on the list of those who wait is said only where the child still waits there. */
export function waitsAt(wish: WhyWish): number | null {
  const passedOver = wish.reason === 'provider_order' && wish.provider_reason !== null && wish.decided !== 'exclude'
  return wish.reason === 'full' || wish.reason === 'reserved' || passedOver ? wish.followup_rank : null
}
