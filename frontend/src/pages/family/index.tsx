import type { RouteObject } from 'react-router'
import { NotFound } from '../../app/states'
import { lazyPage } from '../../app/area'
import { Home } from './home'

const ChildPage = lazyPage(() => import('./child'))
const CareSheetPage = lazyPage(() => import('../care-sheet/family'))
const AccessPage = lazyPage(() => import('./access'))
const ExportPage = lazyPage(() => import('./export'))
const DataPage = lazyPage(() => import('./data'))
const SwapsPage = lazyPage(() => import('../swaps/family'))
const CopyPage = lazyPage(() => import('./copy'))
const MandatesPage = lazyPage(() => import('../mandates/family'))
const FeesPage = lazyPage(() => import('../fees/family'))

export const routes: RouteObject[] = [
  { index: true, element: <Home /> },
  { path: 'daten', element: <DataPage /> },
  { path: 'tausch', element: <SwapsPage /> },
  { path: 'beitraege', element: <FeesPage /> },
  { path: 'kind/:child', element: <ChildPage /> },
  { path: 'kind/:child/betreuungsblatt', element: <CareSheetPage /> },
  { path: 'kind/:child/zugriffe', element: <AccessPage /> },
  { path: 'vollmachten', element: <MandatesPage /> },
  { path: 'auskunft/lesen', element: <CopyPage /> },
  { path: 'auskunft', element: <ExportPage /> },
  { path: '*', element: <NotFound /> },
]
