import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, type RouteObject } from 'react-router'
import { useGet } from '../../api/hooks'
import type { Setup } from '../../api/setup-types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { Area } from '../../staff'
import { AppearancePage } from './appearance'
import { AuditPage } from './audit'
import { ClosingDaysPage } from './closing-days'
import { FeeTablesPage } from '../fees/admin'
import { FeeTablePage } from '../fees/edit'
import { CriteriaSetPage } from '../criteria/set-page'
import { CriteriaPage } from './criteria'
import { TemplatePage } from '../contracts/template'
import { TemplatesPage } from '../contracts/templates'
import { FacilitiesPage } from './facilities'
import { FacilityEditPage, FacilityNewPage } from './facility-edit'
import { ExportAllPage } from './export'
import { FamilyImportPage } from './family-import'
import { ImportPage } from './import'
import { AfterSettingsPage } from './after'
import { ApiKeysPage } from './api-keys'
import { LegalPages } from './legal'
import { ProvidersPage } from './providers'
import { RetentionPage } from './retention'
import { SettingsPage } from './settings'
import { SetupPage } from './setup'
import { StaffingKeysPage } from './staffing-keys'
import { StaffPage } from './people'

function Frame(): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: fees } = useTranslation('fees')
  const { t: places } = useTranslation('places')
  const { t: contracts } = useTranslation('contracts')
  const { t: privacy } = useTranslation('privacy')
  const { t: after } = useTranslation('aftercare')
  const { t: menu } = useTranslation('menu')
  const { t: imports } = useTranslation('imports')
  const { t: exports } = useTranslation('exports')
  const to = useTo()
  const setup = useGet<Setup>('/admin/setup', undefined, { staleTime: 60_000 })
  const link = (path: string, label: string) => ({ to: to(`/verwaltung/${path}`), label })
  return (
    <Area
      side
      label={t('title')}
      groups={[
        ...(setup.data && !setup.data.done ? [{ label: menu('setup'), links: [{ ...link('erste-schritte', menu('setup')), count: setup.data.steps.filter((step) => !step.done).length }] }] : []),
        { label: menu('town'), links: [link('einstellungen', t('settings.title')), link('auftritt', t('look.title')), link('rechtliches', t('legal.title')), link('schliesstage', t('closing.title'))] },
        { label: menu('rules'), links: [link('kriterien', t('criteria.title')), link('vertragstexte', contracts('templates.title')), link('anschluss', after('settings.title')), link('elternbeitraege', fees('admin.title')), link('personalschluessel', places('keys.title'))] },
        { label: menu('facilities'), links: [link('traeger', t('providers.title')), link('einrichtungen', t('facilities.title')), link('import', t('import.title')), link('familien-import', imports('title'))] },
        { label: menu('people'), links: [link('personal', t('people.title')), link('api-schluessel', t('keys.title'))] },
        { label: menu('proof'), links: [link('protokoll', t('audit.title')), link('loeschfristen', privacy('retention.title')), link('export', exports('title'))] },
      ]}
    >
      <Outlet />
    </Area>
  )
}

function CriteriaSet(): JSX.Element {
  return <CriteriaSetPage base={useTo()('/verwaltung/kriterien')} />
}

function Templates(): JSX.Element {
  return <TemplatesPage base={useTo()('/verwaltung/vertragstexte')} />
}

function Template(): JSX.Element {
  return <TemplatePage base={useTo()('/verwaltung/vertragstexte')} />
}

export const routes: RouteObject[] = [{
  element: <Frame />,
  children: [
    { index: true, element: <Navigate replace to="einstellungen" /> },
    { path: 'erste-schritte', element: <SetupPage /> },
    { path: 'einstellungen', element: <SettingsPage /> },
    { path: 'auftritt', element: <AppearancePage /> },
    { path: 'rechtliches', element: <LegalPages /> },
    { path: 'kriterien', element: <CriteriaPage /> },
    { path: 'kriterien/:set', element: <CriteriaSet /> },
    { path: 'elternbeitraege', element: <FeeTablesPage /> },
    { path: 'elternbeitraege/:schedule', element: <FeeTablePage /> },
    { path: 'vertragstexte', element: <Templates /> },
    { path: 'vertragstexte/:template', element: <Template /> },
    { path: 'anschluss', element: <AfterSettingsPage /> },
    { path: 'schliesstage', element: <ClosingDaysPage /> },
    { path: 'personal', element: <StaffPage /> },
    { path: 'traeger', element: <ProvidersPage /> },
    { path: 'einrichtungen', element: <FacilitiesPage /> },
    { path: 'einrichtungen/neu', element: <FacilityNewPage /> },
    { path: 'einrichtungen/:facility', element: <FacilityEditPage /> },
    { path: 'import', element: <ImportPage /> },
    { path: 'familien-import', element: <FamilyImportPage /> },
    { path: 'personalschluessel', element: <StaffingKeysPage /> },
    { path: 'api-schluessel', element: <ApiKeysPage /> },
    { path: 'protokoll', element: <AuditPage /> },
    { path: 'export', element: <ExportAllPage /> },
    { path: 'loeschfristen', element: <RetentionPage /> },
    { path: '*', element: <NotFound /> },
  ],
}]
