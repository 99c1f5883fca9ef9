import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Page } from '../../ui'
import { SwapParts } from './part'

/** The own children's parts of swaps, with a yes or a no. */
export default function MySwapsPage(): JSX.Element {
  const { t } = useTranslation('swaps')
  const { t: family } = useTranslation('family')
  const to = useTo()
  return (
    <Page title={t('title')} lead={t('family.lead')} back={{ to: to('/familie'), label: family('home.title') }}>
      <SwapParts side="family" />
    </Page>
  )
}
