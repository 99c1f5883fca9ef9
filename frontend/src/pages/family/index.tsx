import type { RouteObject } from 'react-router'
import { NotFound } from '../../app/states'
export const routes: RouteObject[] = [{ path: '*', element: <NotFound /> }]
