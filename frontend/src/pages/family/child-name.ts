import { useTranslation } from 'react-i18next'
import type { Child } from '../../api/types'
import { formatDate } from '../../lib/dates'

/** The first name, or the expected day of a child that has none yet. */
export function useChildName(): (child: Child) => string {
  const { t, i18n } = useTranslation('family')
  return (child) => child.first_name || (child.expected_birth_date ? t('child.expectedOn', { date: formatDate(child.expected_birth_date, i18n.language) }) : t('child.unnamed'))
}
