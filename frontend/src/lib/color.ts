// The tenant's colour is used only where it can be read: it is darkened or lightened until the contrast suffices.

type Rgb = [number, number, number]

export function parseHex(hex: string): Rgb | null {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!match) return null
  return [parseInt(match[1] ?? '', 16), parseInt(match[2] ?? '', 16), parseInt(match[3] ?? '', 16)]
}
const toHex = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
export function contrast(a: string, b: string): number {
  const [one, two] = [parseHex(a), parseHex(b)]
  if (!one || !two) return 1
  const [x, y] = [luminance(one), luminance(two)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** The nearest shade of `color` with at least `wanted` contrast on `ground`. */
export function readableOn(color: string, ground: string, wanted = 4.5): string {
  const start = parseHex(color)
  const base = parseHex(ground)
  if (!start || !base) return color
  const goal: Rgb = luminance(base) > 0.5 ? [0, 0, 0] : [255, 255, 255]
  for (let step = 0; step <= 20; step += 1) {
    const mixed = start.map((part, index) => part + ((goal[index] ?? 0) - part) * (step / 20)) as Rgb
    const shade = toHex(mixed)
    if (contrast(shade, ground) >= wanted) return shade
  }
  return toHex(goal)
}
export const textOn = (ground: string): '#ffffff' | '#000000' =>
  contrast('#ffffff', ground) >= contrast('#000000', ground) ? '#ffffff' : '#000000'

/** Gives the page the tenant's look, in the light and in the dark theme. */
export function applyTenantColor(color: string | null): void {
  const style = document.documentElement.style
  const names = ['--kp-action-light', '--kp-on-light', '--kp-action-dark', '--kp-on-dark']
  if (!color || !parseHex(color)) {
    for (const name of names) style.removeProperty(name)
    return
  }
  const light = readableOn(color, '#f3f3f6', 4.8)
  const dark = readableOn(color, '#1c1f33', 6)
  style.setProperty('--kp-action-light', light)
  style.setProperty('--kp-on-light', textOn(light))
  style.setProperty('--kp-action-dark', dark)
  style.setProperty('--kp-on-dark', textOn(dark))
}
