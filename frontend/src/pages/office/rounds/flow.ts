// How wishes became places, as numbers and as rectangles. Pure.

export type Stage = { rank: number; asked: number; placed: number; rest: number }

/** Wish by wish: how many still asked, how many got a place by it, how many went on to the next. */
export function stages(histogram: readonly number[], unplaced: number): Stage[] {
  let asked = unplaced + histogram.reduce((sum, count) => sum + count, 0)
  return histogram.map((placed, index) => {
    const stage = { rank: index + 1, asked, placed, rest: asked - placed }
    asked = stage.rest
    return stage
  })
}

/** At most so many stages; what comes later is told together as the last one. */
export function shortened(all: Stage[], most: number): Stage[] {
  if (all.length <= most) return all
  const head = all.slice(0, most - 1)
  const tail = all.slice(most - 1)
  const [first, last] = [tail[0], tail.at(-1)]
  if (!first || !last) return all
  return [...head, { rank: first.rank, asked: first.asked, placed: tail.reduce((sum, stage) => sum + stage.placed, 0), rest: last.rest }]
}

export type Rect = { x: number; y: number; width: number; height: number }
export type FlowColumn = { placed: Rect; rest: Rect; onward: Rect | null }
export type FlowSize = { width: number; height: number; bar: number }

/** Columns from left to right. Who goes on stays at the same height, so that the bands between the columns run straight. */
export function layout(all: Stage[], size: FlowSize): FlowColumn[] {
  const total = all[0]?.asked ?? 0
  if (total === 0) return []
  const scale = size.height / total
  const step = all.length > 1 ? (size.width - size.bar) / (all.length - 1) : 0
  return all.map((stage, index) => {
    const x = index * step
    const top = size.height - stage.asked * scale
    const placed = { x, y: top, width: size.bar, height: stage.placed * scale }
    const rest = { x, y: top + placed.height, width: size.bar, height: stage.rest * scale }
    const last = index === all.length - 1
    return { placed, rest, onward: last || stage.rest === 0 ? null : { x: x + size.bar, y: rest.y, width: step - size.bar, height: rest.height } }
  })
}

/** A share as whole per cent; something is never told as nothing, and not all never as all. */
export function percent(part: number, of: number): number {
  if (of <= 0 || part <= 0) return 0
  if (part >= of) return 100
  return Math.min(99, Math.max(1, Math.round((part / of) * 100)))
}
