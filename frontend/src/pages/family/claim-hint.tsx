import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Actions, ButtonLink, Section } from '../../ui'

/** Whoever has a letter with a code must not enter everything again. */
export function ClaimHint(): JSX.Element {
  const { t } = useTranslation('claims')
  const to = useTo()
  return (
    <Section title={t('home.title')}>
      <p className="kern-body">{t('home.text')}</p>
      <Actions><ButtonLink kind="secondary" icon="document" to={to('/code')}>{t('home.open')}</ButtonLink></Actions>
    </Section>
  )
}
