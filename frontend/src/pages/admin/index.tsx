import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, type RouteObject } from 'react-router'
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
import { ApiKeysPage } from './api-keys'
import { LegalPages } from './legal'
import { ProvidersPage } from './providers'
import { RetentionPage } from './retention'
import { SettingsPage } from './settings'
import { StaffingKeysPage } from './staffing-keys'
import { StaffPage } from './people'

function Frame(): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: fees } = useTranslation('fees')
  const { t: places } = useTranslation('places')
  const { t: contracts } = useTranslation('contracts')
  const { t: privacy } = useTranslation('privacy')
  const { t: imports } = useTranslation('imports')
  const { t: exports } = useTranslation('exports')
  const to = useTo()
  const link = (path: string, label: string) => ({ to: to(`/verwaltung/${path}`), label })
  return (
    <Area
      side
      label={t('title')}
      links={[
        link('einstellungen', t('settings.title')), link('auftritt', t('look.title')), link('rechtliches', t('legal.title')),
        link('kriterien', t('criteria.title')), link('vertragstexte', contracts('templates.title')), link('elternbeitraege', fees('admin.title')), link('schliesstage', t('closing.title')), link('personal', t('people.title')),
        link('traeger', t('providers.title')), link('einrichtungen', t('facilities.title')), link('import', t('import.title')), link('familien-import', imports('title')),
        link('personalschluessel', places('keys.title')),
        link('api-schluessel', t('keys.title')), link('protokoll', t('audit.title')),
        link('loeschfristen', privacy('retention.title')), link('export', exports('title')),
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
    { path: 'einstellungen', element: <SettingsPage /> },
    { path: 'auftritt', element: <AppearancePage /> },
    { path: 'rechtliches', element: <LegalPages /> },
    { path: 'kriterien', element: <CriteriaPage /> },
    { path: 'kriterien/:set', element: <CriteriaSet /> },
    { path: 'elternbeitraege', element: <FeeTablesPage /> },
    { path: 'elternbeitraege/:schedule', element: <FeeTablePage /> },
    { path: 'vertragstexte', element: <Templates /> },
    { path: 'vertragstexte/:template', element: <Template /> },
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
  ],
}]
