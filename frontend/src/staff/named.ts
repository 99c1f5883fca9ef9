import type { SummaryItem } from '../ui'

/** The lines of an error summary with the name of the field in front: "Hausnummer: Diese Angabe fehlt." */
export function namedSummary(errors: Record<string, string | null | undefined>, labels: Record<string, string>): SummaryItem[] {
  return Object.entries(errors).flatMap(([id, message]) => (message ? [{ id, message: labels[id] ? `${labels[id]}: ${message}` : message }] : []))
}
