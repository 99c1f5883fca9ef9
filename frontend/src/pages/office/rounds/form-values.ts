import type { AfterRelease, Round, RoundInput, RoundMode, SiblingRule } from '../../../api/round-types'
import type { AgeBand } from '../../../api/types'
import { addMonths, EMPTY_DATE, toIso, toParts, type DateParts } from '../../../lib/dates'

export type RoundValues = {
  name: string; mode: RoundMode; key: DateParts; start: DateParts; bands: AgeBand[]; days: string; siblings: SiblingRule; after: AfterRelease; source: string; draw: DateParts
}
export const EMPTY_ROUND: RoundValues = {
  name: '', mode: 'central', key: EMPTY_DATE, start: EMPTY_DATE, bands: ['under3', 'over3'], days: '', siblings: 'preferred', after: 'keep_or_improve', source: '', draw: EMPTY_DATE,
}
export const toValues = (round: Round): RoundValues => ({
  name: round.name, mode: round.mode, key: toParts(round.key_date), start: toParts(round.start_on), bands: round.config.age_bands,
  days: round.config.offer_days === null ? '' : String(round.config.offer_days), siblings: round.config.siblings, after: round.config.after_release,
  source: round.config.draw_source, draw: toParts(round.config.draw_on),
})

export type RoundFault = 'need' | 'date' | 'bands' | 'days' | 'startEarly' | 'startPast' | 'startLate' | 'drawEarly' | 'drawPast' | 'drawLate'
/** What is missing or wrong, by the name of the field as the API names it. */
export function checkRound(values: RoundValues, today: string): Record<string, RoundFault> {
  const errors: Record<string, RoundFault> = {}
  const [key, start, draw] = [toIso(values.key), toIso(values.start), toIso(values.draw)]
  if (!values.name.trim()) errors['name'] = 'need'
  if (!key) errors['key_date'] = 'date'
  if (!start) errors['start_on'] = 'date'
  else if (key && start <= key) errors['start_on'] = 'startEarly'
  else if (start <= today) errors['start_on'] = 'startPast'
  else if (start > addMonths(today, 24)) errors['start_on'] = 'startLate'
  if (values.bands.length === 0) errors['config.age_bands'] = 'bands'
  if (values.days.trim() && !/^([1-9]|[1-8]\d|90)$/.test(values.days.trim())) errors['config.offer_days'] = 'days'
  if (!draw) errors['config.draw_on'] = 'date'
  else if (key && draw <= key) errors['config.draw_on'] = 'drawEarly'
  else if (draw <= today) errors['config.draw_on'] = 'drawPast'
  else if (start && draw >= start) errors['config.draw_on'] = 'drawLate'
  if (!values.source.trim()) errors['config.draw_source'] = 'need'
  return errors
}

export const toRound = (values: RoundValues): RoundInput => ({
  name: values.name.trim(), mode: values.mode, key_date: toIso(values.key) ?? '', start_on: toIso(values.start) ?? '',
  config: {
    age_bands: values.bands, offer_days: values.days.trim() ? Number(values.days) : null, siblings: values.siblings, after_release: values.after,
    draw_source: values.source.trim(), draw_on: toIso(values.draw) ?? '',
  },
})
