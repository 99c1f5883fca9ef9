import type { RouteObject } from 'react-router'
import { NotFound } from '../../app/states'
import { ChildPage } from './child'
import { DataPage } from './data'
import { Home } from './home'

export const routes: RouteObject[] = [
  { index: true, element: <Home /> },
  { path: 'daten', element: <DataPage /> },
  { path: 'kind/:child', element: <ChildPage /> },
  { path: '*', element: <NotFound /> },
]
