import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { ErrorState, Page, Skeleton } from '../../ui'
import { COPIES } from './copy-link'
import { ReadableCopy, type PersonalCopy } from './readable-copy'

/** The own copy to read and to print, beside the file for machines. */
export function CopyOf({ of }: { of: keyof typeof COPIES }): JSX.Element {
  const { t } = useTranslation('copy')
  const { t: privacy } = useTranslation('privacy')
  const { t: account } = useTranslation('account')
  const to = useTo()
  const copy = useGet<PersonalCopy>(COPIES[of].file, undefined, { staleTime: 300_000 })
  const isOwn = of === 'account'
  return (
    <Page title={t('title')} lead={t(isOwn ? 'own.lead' : 'lead')} back={{ to: to(COPIES[of].from), label: isOwn ? account('account.title') : privacy('export.title') }}>
      {copy.error && <ErrorState problem={copy.error} onRetry={() => void copy.refetch()} />}
      {copy.isPending && <Skeleton blocks={3} lines={4} />}
      {copy.data && <ReadableCopy copy={copy.data} own={isOwn} />}
    </Page>
  )
}

/** A family's. */
export default function CopyPage(): JSX.Element { return <CopyOf of="family" /> }
