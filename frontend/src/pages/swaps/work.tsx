import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui'
import { SwapParts } from './part'

/** Children who would come to the own facilities by a swap. */
export function FacilitySwapsPage(): JSX.Element {
  const { t } = useTranslation('swaps')
  return <Page title={t('title')} lead={t('staff.lead')}><SwapParts side="staff" /></Page>
}
