import type { FacilityMarkers } from '../../api/types'

export type Item = FacilityMarkers['items'][number]
export type Cluster = { latitude: number; longitude: number; items: Item[] }

/** Joins markers that would lie on top of each other: everything within `reach` pixels of the first of a group. */
export function clusters(items: Item[], point: (latitude: number, longitude: number) => { x: number; y: number }, reach: number): Cluster[] {
  const groups: { x: number; y: number; items: Item[] }[] = []
  for (const item of items) {
    const { x, y } = point(item.latitude, item.longitude)
    const near = groups.find((group) => Math.abs(group.x - x) < reach && Math.abs(group.y - y) < reach)
    if (near) near.items.push(item)
    else groups.push({ x, y, items: [item] })
  }
  // A group stands where its first member is, so two groups never come closer than `reach`.
  return groups.map(({ items: [first, ...rest] }) => ({
    latitude: first?.latitude ?? 0,
    longitude: first?.longitude ?? 0,
    items: first ? [first, ...rest] : rest,
  }))
}

export type Box = { x: number; y: number; halfWidth: number; halfHeight: number }

/** The boxes, in their order, that lie on none of the taken ones and on none before them. */
export function readable<T extends Box>(boxes: T[], taken: Box[]): T[] {
  const apart = (a: Box, b: Box) => Math.abs(a.x - b.x) >= a.halfWidth + b.halfWidth || Math.abs(a.y - b.y) >= a.halfHeight + b.halfHeight
  const kept: T[] = []
  for (const box of boxes) if ([...taken, ...kept].every((other) => apart(box, other))) kept.push(box)
  return kept
}
