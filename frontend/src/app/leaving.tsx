import { useEffect, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useAnyUnsaved } from '../lib/unsaved'
import { Button } from '../ui/button'
import { Dialog } from '../ui/surface'

/** The address of the own page that a click leads to, unless it opens beside this one or stays on it. */
function wayOut(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (!link?.href || link.target === '_blank' || link.hasAttribute('download')) return null
  const to = new URL(link.href)
  if (to.origin !== location.origin || to.pathname === location.pathname) return null
  return to.pathname + to.search + to.hash
}

/** Asks before a link or the closing of the tab takes away what was typed and not saved. */
export function LeaveGuard(): JSX.Element {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const unsaved = useAnyUnsaved()
  const [to, setTo] = useState<string | null>(null)
  useEffect(() => {
    if (!unsaved) return undefined
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault()
    const onClick = (event: MouseEvent) => {
      const way = wayOut(event)
      if (!way) return
      event.preventDefault()
      event.stopPropagation()
      setTo(way)
    }
    window.addEventListener('beforeunload', onClose)
    document.addEventListener('click', onClick, true)
    return () => { window.removeEventListener('beforeunload', onClose); document.removeEventListener('click', onClick, true) }
  }, [unsaved])
  const leave = () => { if (to) void navigate(to); setTo(null) }
  return (
    <Dialog open={to !== null} title={t('leave.title')} onClose={() => setTo(null)} footer={<><Button kind="secondary" danger onClick={leave}>{t('leave.leave')}</Button><Button onClick={() => setTo(null)}>{t('leave.stay')}</Button></>}>
      <p className="kern-body">{t('leave.text')}</p>
    </Dialog>
  )
}
