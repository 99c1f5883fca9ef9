import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Demand } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { Alert } from '../../ui'

/** On the pages of a wish to change: the place that stays. */
export function PlaceStays({ demand }: { demand: Demand }): JSX.Element | null {
  const { t, i18n } = useTranslation('transfer')
  const place = demand.present_place
  if (!place) return null
  return (
    <Alert tone="info" title={t('banner', { facility: place.facility_name })}>
      <p className="kern-body">{t('bannerText', { date: formatDate(place.care_from, i18n.language) })}</p>
    </Alert>
  )
}
