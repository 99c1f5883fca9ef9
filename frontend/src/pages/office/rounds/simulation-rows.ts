// A simulation as columns and rows of tables. Pure.

import type { RoundChances, RoundReport, SimulatedSet, Simulation, WishChance } from '../../../api/round-types'

export type Column = { id: string; name: string; report: RoundReport; chances: RoundChances; by_wish: WishChance[]; against: SimulatedSet['against_frozen'] | null }

/** The frozen order first, then the sets in the order in which they were chosen. */
export function columnsOf(found: Simulation, words: { frozen: string; draft: string }): Column[] {
  const named = (set: SimulatedSet) => `${set.provider_name ? `${set.provider_name}: ` : ''}${set.name} ${set.number}${set.state === 'draft' ? ` (${words.draft})` : ''}`
  return [
    { id: 'frozen', name: words.frozen, ...found.frozen, against: null },
    ...found.items.map((set) => ({ id: set.criteria_set_id, name: named(set), report: set.report, chances: set.chances, by_wish: set.by_wish, against: set.against_frozen })),
  ]
}

/** How much a number differs from the one of the frozen order. */
export const difference = (value: number | null | undefined, frozen: number | null | undefined): number | null =>
  value === null || value === undefined || frozen === null || frozen === undefined ? null : value - frozen

/** One row for each group that any column has; a group that a column lacks has nobody there. */
export function groupRows(columns: readonly Column[], of: (column: Column) => [string, number][]): { id: string; values: number[] }[] {
  const counts = columns.map((column) => new Map(of(column)))
  const ids = [...new Set(counts.flatMap((one) => [...one.keys()]))]
  return ids
    .map((id) => ({ id, values: counts.map((one) => one.get(id) ?? 0) }))
    .sort((a, b) => Math.max(...b.values) - Math.max(...a.values) || a.id.localeCompare(b.id))
}

/** For each rank of a wish how many of a hundred are met, in every column; nothing where nobody has such a wish. */
export function chanceRows(columns: readonly Column[]): { wish: number; values: (number | null)[] }[] {
  const most = Math.max(0, ...columns.map((one) => one.by_wish.length))
  return Array.from({ length: most }, (_, index) => ({
    wish: index + 1,
    values: columns.map((one) => {
      const found = one.by_wish[index]
      return found && found.children > 0 ? Math.round(found.met_per_mille / 10) : null
    }),
  }))
}
