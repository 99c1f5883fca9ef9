// An order of children made by hand: moving, where it deviates from the points, and what is sent. Pure.

import type { Applicant, DeviationReason, PoolBoard, StepAnswer } from '../../api/round-types'

export type Ordered = Applicant & { reason: DeviationReason | null }
/** The order that a person has before them, by age band. */
export type Orders = Record<string, Ordered[]>

export const start = (pools: PoolBoard[]): Orders => Object.fromEntries(pools.map((pool) => [pool.age_band, pool.applicants]))

/** Moves a child; the first places stay where offers were made by them. */
export function moved(list: Ordered[], from: number, to: number, kept: number): Ordered[] {
  const row = list[from]
  if (!row || from < kept || to < kept || to >= list.length || from === to) return list
  const rest = list.filter((_, index) => index !== from)
  return [...rest.slice(0, to), row, ...rest.slice(to)]
}

/** The points order, as far as nothing stands. */
export const byPoints = (list: Ordered[], kept: number): Ordered[] =>
  [...list.slice(0, kept), ...list.slice(kept).sort((a, b) => a.points_place - b.points_place)]

/** Places at which a child goes before one with more points: there a reason is needed. */
export function deviating(list: Ordered[]): Set<number> {
  const left = list.map((row) => row.points_place).sort((a, b) => a - b)
  const found = new Set<number>()
  list.forEach((row, place) => {
    if (left[0] !== row.points_place) found.add(place)
    left.splice(left.indexOf(row.points_place), 1)
  })
  return found
}

const same = (a: Ordered[], b: Applicant[]): boolean =>
  a.length === b.length && a.every((row, index) => row.case_id === b[index]?.case_id && row.reason === b[index].reason)

/** Whether a person changed anything. */
export const isChanged = (orders: Orders, pools: PoolBoard[]): boolean => pools.some((pool) => !same(orders[pool.age_band] ?? [], pool.applicants))

/** What is sent: only the orders that were changed; the others go by what stands. */
export function toAnswer(step: number, orders: Orders, pools: PoolBoard[]): StepAnswer {
  const changed = pools.filter((pool) => !same(orders[pool.age_band] ?? [], pool.applicants))
  return {
    step,
    orders: changed.map((pool) => {
      const list = orders[pool.age_band] ?? []
      const needs = deviating(list)
      return { age_band: pool.age_band, places: list.map((row, place) => ({ case_id: row.case_id, reason: needs.has(place) ? row.reason : null })) }
    }),
  }
}

/** Children who still need a reason, as `band/case`. */
export function missing(orders: Orders): string[] {
  return Object.entries(orders).flatMap(([band, list]) => [...deviating(list)].filter((place) => !list[place]?.reason).map((place) => `${band}/${list[place]?.case_id ?? ''}`))
}
