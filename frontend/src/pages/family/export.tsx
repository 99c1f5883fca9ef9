import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useTo } from '../../app/tenant'
import { Actions, Alert, ButtonLink, DownloadLink, Page } from '../../ui'

/** A whole copy of what is stored about the own family, as a file. */
export default function ExportPage(): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: family } = useTranslation('family')
  const { t: copy } = useTranslation('copy')
  const api = useApi()
  const to = useTo()
  return (
    <Page title={t('export.title')} lead={t('export.lead')} back={{ to: to('/familie/daten'), label: family('data.title') }}>
      <p className="kern-body">{t('export.what')}</p>
      <p className="kern-body">{t('export.format')}</p>
      <Alert tone="info" title={t('export.safe')} />
      <Actions><ButtonLink to={to('/familie/auskunft/lesen')}>{copy('open')}</ButtonLink><DownloadLink kind="secondary" href={api.url('/family/export')}>{t('export.button')}</DownloadLink></Actions>
    </Page>
  )
}
