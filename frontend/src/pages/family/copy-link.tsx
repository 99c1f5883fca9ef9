import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useTo } from '../../app/tenant'
import { Actions, ButtonLink, DownloadLink, Section } from '../../ui'

/** Whose copy: a family's, or of whoever has the account; where it is read, from where one comes, and the file. */
export const COPIES = {
  family: { read: '/familie/auskunft/lesen', from: '/familie/auskunft', file: '/family/export' },
  account: { read: '/konto/auskunft', from: '/konto', file: '/account/export' },
} as const

/** The two ways to have it: to read, and as a file for machines. */
export function CopyActions({ of }: { of: keyof typeof COPIES }): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: copy } = useTranslation('copy')
  const api = useApi()
  const to = useTo()
  return <Actions><ButtonLink kind={of === 'family' ? 'primary' : 'secondary'} to={to(COPIES[of].read)}>{copy('open')}</ButtonLink><DownloadLink kind="secondary" href={api.url(COPIES[of].file)}>{t('export.button')}</DownloadLink></Actions>
}

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
