import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { CareSheet } from '../../api/care-sheet-types'
import { useTo } from '../../app/tenant'
import { Page } from '../../ui'
import { CareSheetView } from './form'

/** The care sheet of a child of the own facility, for families who say it rather than type it. */
export function StaffCareSheetPage(): JSX.Element {
  const { t } = useTranslation('careSheet')
  const { facility = '', child = '' } = useParams()
  const to = useTo()
  const path = `/staff/facilities/${facility}/children/${child}/care-sheet`
  const name = useGet<CareSheet>(path).data?.child_label
  return (
    <Page title={name ? t('titleOf', { name }) : t('title')} lead={t('staffLead')} back={{ to: to(`/arbeit/listen?facility_id=${facility}&kind=pickups`), label: t('back') }}>
      <CareSheetView path={path} />
    </Page>
  )
}
