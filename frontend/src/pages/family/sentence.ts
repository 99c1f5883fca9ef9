import { useTranslation } from 'react-i18next'
import type { Demand, Preference } from '../../api/types'
import { formatDate, today } from '../../lib/dates'

const OPEN_STATES: readonly Preference['state'][] = ['received', 'under_review', 'invited', 'waitlisted', 'offered', 'paused']
export const isOpen = (preference: Preference): boolean => OPEN_STATES.includes(preference.state)
export const isRunning = (demand: Demand): boolean => ['submitted', 'confirmed', 'in_allocation', 'offer_pending'].includes(demand.state)

/** Where a demand stands, as one or two short sentences. */
export function useSentence(): (demand: Demand) => string {
  const { t, i18n } = useTranslation('family')
  return (demand) => {
    const date = demand.next_step.date ? formatDate(demand.next_step.date, i18n.language) : null
    // A day that has passed is no date to look forward to.
    const late = demand.next_step.date !== null && demand.next_step.date !== undefined && demand.next_step.date < today()
    const next = date ? ` ${t(late ? 'sentence.overdue' : 'sentence.next', { date })}` : ''
    const offered = demand.preferences.find((preference) => preference.state === 'offered')
    const placed = demand.preferences.find((preference) => preference.state === 'accepted' || preference.state === 'contracted')
    switch (demand.state) {
      case 'draft': return t('sentence.draft')
      case 'submitted': return t('sentence.submitted') + next
      case 'confirmed':
      case 'in_allocation': {
        const open = demand.preferences.filter(isOpen).length
        return (open > 0 ? t('sentence.looking', { count: open }) : t('sentence.none')) + next
      }
      case 'offer_pending': return (offered ? t('sentence.offer', { name: offered.facility_name }) : t('sentence.offerSomewhere')) + (date ? ` ${t('sentence.until', { date })}` : '')
      case 'covered': return placed ? t('sentence.covered', { name: placed.facility_name }) : t('sentence.coveredSomewhere')
      default: return t(`sentence.${demand.state}`)
    }
  }
}
