import { useEffect, useRef, useState, type JSX, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { useAnyUnsaved } from '../lib/unsaved'
import { Button } from '../ui/button'
import { Dialog } from '../ui/surface'

/** Where somebody wants to go: an own address, or so many steps of the browser's history. */
type Way = string | number

/** The address of the own page that a click leads to, unless it opens beside this one or stays on it. */
function wayOut(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link?.href || link.target === '_blank' || link.hasAttribute('download')) return null
  const to = new URL(link.href)
  if (to.origin !== location.origin || to.pathname === location.pathname) return null
  return to.pathname + to.search + to.hash
}

/** The router numbers the entries of the browser's history in their state. */
const entry = (): number => (history.state as { idx?: number } | null)?.idx ?? 0

// The browser has gone back already when it says so. The router is not told, and the way is gone back until somebody has decided. The router's own
// answer to this (useBlocker) needs its data router, which weighs more than all pages of a family may.
function useHistoryGuard(unsaved: boolean, ask: (way: Way) => void): RefObject<boolean> {
  const { pathname, key } = useLocation()
  const here = useRef(0)
  const free = useRef(false)
  useEffect(() => { here.current = entry() }, [key])
  useEffect(() => {
    if (!unsaved) return undefined
    let returning = false
    const onPop = (event: PopStateEvent) => {
      const steps = entry() - here.current
      if (returning) {
        returning = false
        event.stopImmediatePropagation()
      } else if (free.current) {
        free.current = false
      } else if (location.pathname !== pathname && steps !== 0) {
        event.stopImmediatePropagation()
        returning = true
        history.go(-steps)
        ask(steps)
      }
    }
    window.addEventListener('popstate', onPop, true)
    return () => window.removeEventListener('popstate', onPop, true)
  }, [unsaved, pathname, ask])
  return free
}

/** Asks before a link, the browser's way back or the closing of the tab takes away what was typed and not saved. */
export function LeaveGuard(): JSX.Element {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const unsaved = useAnyUnsaved()
  const [way, setWay] = useState<Way | null>(null)
  const free = useHistoryGuard(unsaved, setWay)
  useEffect(() => {
    if (!unsaved) return undefined
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const to = wayOut(event)
      if (!to) return
      event.preventDefault()
      event.stopPropagation()
      setWay(to)
    }
    window.addEventListener('beforeunload', onClose)
    document.addEventListener('click', onClick, true)
    return () => { window.removeEventListener('beforeunload', onClose); document.removeEventListener('click', onClick, true) }
  }, [unsaved])
  const leave = () => {
    if (typeof way === 'string') void navigate(way)
    if (typeof way === 'number') {
      free.current = true
      history.go(way)
    }
    setWay(null)
  }
  return (
    <Dialog open={way !== null} title={t('leave.title')} onClose={() => setWay(null)} footer={<><Button kind="secondary" danger onClick={leave}>{t('leave.leave')}</Button><Button onClick={() => setWay(null)}>{t('leave.stay')}</Button></>}>
      <p className="kern-body">{t('leave.text')}</p>
    </Dialog>
  )
}
