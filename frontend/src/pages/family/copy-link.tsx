import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Actions, ButtonLink, Section } from '../../ui'

/** The way to the whole copy of the own data. */
export function CopyLink(): JSX.Element {
  const { t } = useTranslation('privacy')
  const to = useTo()
  return (
    <Section title={t('export.title')}>
      <p className="kern-body">{t('export.linkText')}</p>
      <Actions><ButtonLink kind="secondary" icon="download" to={to('/familie/auskunft')}>{t('export.link')}</ButtonLink></Actions>
    </Section>
  )
}
