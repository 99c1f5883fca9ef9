import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { RouteObject } from 'react-router'
import { Page } from '../../ui'

function Start(): JSX.Element {
  const { t } = useTranslation('admin')
  return <Page title={t('title')} width="full"><span /></Page>
}

export const routes: RouteObject[] = [{ index: true, element: <Start /> }]
