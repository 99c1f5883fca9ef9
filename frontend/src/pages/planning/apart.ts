import type { Box } from '../public/clusters'

/** How far each label has to go down so that none lies on another; the upper one stays where it is. */
export function apart(labels: Box[]): number[] {
  const down = labels.map(() => 0)
  const set: Box[] = []
  for (const at of labels.map((_, n) => n).sort((a, b) => labels[a]!.y - labels[b]!.y)) {
    const label = { ...labels[at]! }
    const over = () => set.filter((one) => Math.abs(one.x - label.x) < one.halfWidth + label.halfWidth && Math.abs(one.y - label.y) < one.halfHeight + label.halfHeight)
    for (let on = over(); on.length > 0; on = over()) label.y = Math.max(...on.map((one) => one.y + one.halfHeight)) + label.halfHeight
    down[at] = label.y - labels[at]!.y
    set.push(label)
  }
  return down
}
