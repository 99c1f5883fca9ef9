import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTo } from '../../app/tenant'
import { Link, Page } from '../../ui'
import { CriteriaSetPage } from '../criteria/set-page'
import { SetsList } from '../criteria/sets-list'

/** The criteria as those who run facilities see them: what is published, and the sets of the own provider. */
export function WorkCriteriaPage(): JSX.Element {
  const { t } = useTranslation('criteria')
  const to = useTo()
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <p className="kern-body"><Link to={to('/vergabe')}>{t('public')}</Link></p>
      <SetsList base={to('/arbeit/kriterien')} />
    </Page>
  )
}

export function WorkCriteriaSetPage(): JSX.Element {
  return <CriteriaSetPage base={useTo()('/arbeit/kriterien')} />
}
