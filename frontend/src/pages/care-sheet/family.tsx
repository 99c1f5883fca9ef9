import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { Family } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { Page } from '../../ui'
import { useChildName } from '../family/child-name'
import { CareSheetView } from './form'

/** The care sheet of an own child. */
export default function FamilyCareSheetPage(): JSX.Element {
  const { t } = useTranslation('careSheet')
  const { child: id = '' } = useParams()
  const to = useTo()
  const nameOf = useChildName()
  const family = useGet<Family>('/family')
  const child = family.data?.children.find((entry) => entry.id === id)
  if (family.data && !child) return <NotFound />
  const name = child ? nameOf(child) : '…'
  return (
    <Page title={t('titleOf', { name })} lead={t('lead')} back={{ to: to(`/familie/kind/${id}`), label: name }}>
      <CareSheetView path={`/family/children/${id}/care-sheet`} />
    </Page>
  )
}
