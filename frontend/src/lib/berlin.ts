// Times that people type are those of the clocks in Germany, wherever their browser is.

const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' })

/** How far the clocks in Germany are ahead at an instant, in milliseconds. */
const ahead = (at: number): number => Date.parse(`${parts.format(at).replace(' ', 'T')}Z`) - at

/** The instant at which the clocks in Germany show this day and time, or null when they never do. */
export function berlinInstant(day: string, time: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null
  const shown = Date.parse(`${day}T${time}:00Z`)
  if (Number.isNaN(shown)) return null
  // The offset of the guess may be that of the other side of the night when the clocks change.
  const first = shown - ahead(shown)
  const at = shown - ahead(first)
  return at + ahead(at) === shown ? new Date(at).toISOString().replace('.000', '') : null
}
