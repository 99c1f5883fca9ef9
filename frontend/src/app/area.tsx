import { lazy, type ComponentType } from 'react'
import { useRoutes, type RouteObject } from 'react-router'

/** An area of pages that is loaded as one part when somebody first enters it; its module exports `routes`. */
export function lazyArea(load: () => Promise<{ routes: RouteObject[] }>): ComponentType {
  return lazy(async () => {
    const { routes } = await load()
    function Area() { return useRoutes(routes) }
    return { default: Area }
  })
}
/** A single page as its own part; its module exports the page as default. */
export const lazyPage = (load: () => Promise<{ default: ComponentType }>): ComponentType => lazy(load)
