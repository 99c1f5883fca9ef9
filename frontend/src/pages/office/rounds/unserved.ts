// Who has no place, by district and month, as rows for a table. Pure.

import type { FacilityGroup, Unserved } from '../../../api/round-types'

export type HeatRow = { district: string; cells: { month: string; children: number; claims: number }[]; total: number }

/** A row for each district and a cell for each month; districts with most children come first. */
export function heat(rows: readonly Unserved[]): { months: string[]; rows: HeatRow[]; top: number } {
  const months = [...new Set(rows.map((row) => row.month))].sort()
  const districts = [...new Set(rows.map((row) => row.district))]
  const cell = (district: string, month: string) => rows.find((row) => row.district === district && row.month === month)
  const found = districts.map((district) => {
    const cells = months.map((month) => ({ month, children: cell(district, month)?.children ?? 0, claims: cell(district, month)?.claims ?? 0 }))
    return { district, cells, total: cells.reduce((sum, one) => sum + one.children, 0) }
  })
  found.sort((a, b) => b.total - a.total || a.district.localeCompare(b.district))
  return { months, rows: found, top: Math.max(0, ...rows.map((row) => row.children)) }
}

/** How dark a cell is, from 0 (nobody) to 4 (as many as anywhere). */
export const shade = (children: number, top: number): number => (children === 0 || top === 0 ? 0 : Math.max(1, Math.ceil((children / top) * 4)))

/** First wishes beyond the places; where there are enough places, the negative number of those left over. */
export const shortage = (group: Pick<FacilityGroup, 'first_wishes' | 'places'>): number => group.first_wishes - group.places

/** Facilities with the greatest shortage first. */
export const byShortage = (groups: readonly FacilityGroup[]): FacilityGroup[] =>
  [...groups].sort((a, b) => shortage(b) - shortage(a) || b.first_wishes - a.first_wishes || a.name.localeCompare(b.name))
