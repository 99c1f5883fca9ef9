import type { JSX } from 'react'
import { Navigate, type RouteObject } from 'react-router'
import { useSession } from '../../app/session'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
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

/** What belongs to the family alone: whoever acts in its name is led back to what the mandate is for. */
function Own({ children }: { children: JSX.Element }): JSX.Element {
  const { session } = useSession()
  const to = useTo()
  return session.acting ? <Navigate replace to={to('/familie')} /> : children
}

export const routes: RouteObject[] = [
  { index: true, element: <Home /> },
  { path: 'daten', element: <Own><DataPage /></Own> },
  { path: 'tausch', element: <SwapsPage /> },
  { path: 'beitraege', element: <FeesPage /> },
  { path: 'kind/:child', element: <ChildPage /> },
  { path: 'kind/:child/betreuungsblatt', element: <CareSheetPage /> },
  { path: 'kind/:child/zugriffe', element: <AccessPage /> },
  { path: 'vollmachten', element: <Own><MandatesPage /></Own> },
  { path: 'auskunft/lesen', element: <Own><CopyPage /></Own> },
  { path: 'auskunft', element: <Own><ExportPage /></Own> },
  { path: '*', element: <NotFound /> },
]
