import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Actions, ButtonLink, Section } from '../../ui'

/** Whoever has a letter with a code must not enter everything again. */
export function ClaimHint(): JSX.Element {
  const { t } = useTranslation('family')
  const to = useTo()
  return (
    <Section title={t('claim.title')}>
      <p className="kern-body">{t('claim.text')}</p>
      <Actions><ButtonLink kind="secondary" icon="document" to={to('/code')}>{t('claim.open')}</ButtonLink></Actions>
    </Section>
  )
}
