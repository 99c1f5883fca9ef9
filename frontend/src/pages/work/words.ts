import { useTranslation } from 'react-i18next'
import type { PreferenceState } from '../../api/types'

/** States as staff say them: "declined" is the parents' word, not "yours". */
export function useStaffState(): (state: PreferenceState) => string {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  return (state) => (state === 'declined' ? t('declinedByParents') : common(`preferenceState.${state}`))
}
