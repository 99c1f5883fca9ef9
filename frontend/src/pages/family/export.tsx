import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Alert, Page } from '../../ui'
import { CopyActions } from './copy-link'

/** A whole copy of what is stored about the own family, as a file. */
export default function ExportPage(): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: family } = useTranslation('family')
  const to = useTo()
  return (
    <Page title={t('export.title')} lead={t('export.lead')} back={{ to: to('/familie/daten'), label: family('data.title') }}>
      <p className="kern-body">{t('export.what')}</p>
      <p className="kern-body">{t('export.format')}</p>
      <Alert tone="info" title={t('export.safe')} />
      <CopyActions of="family" />
    </Page>
  )
}
