import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { ErrorState, Page, Skeleton } from '../../ui'
import { ReadableCopy, type FamilyCopy } from './readable-copy'

/** The own copy to read and to print, beside the file for machines. */
export default function CopyPage(): JSX.Element {
  const { t } = useTranslation('copy')
  const { t: privacy } = useTranslation('privacy')
  const to = useTo()
  const copy = useGet<FamilyCopy>('/family/export', undefined, { staleTime: 300_000 })
  return (
    <Page title={t('title')} lead={t('lead')} back={{ to: to('/familie/auskunft'), label: privacy('export.title') }}>
      {copy.error && <ErrorState problem={copy.error} onRetry={() => void copy.refetch()} />}
      {copy.isPending && <Skeleton blocks={3} lines={4} />}
      {copy.data && <ReadableCopy copy={copy.data} />}
    </Page>
  )
}
