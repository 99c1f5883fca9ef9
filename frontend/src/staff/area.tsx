import { useState, type JSX, type ReactNode } from 'react'
import { NavLink, useLocation } from 'react-router'
import { Icon } from '../ui'
import './staff.css'

export type AreaLink = { to: string; label: string; end?: boolean; count?: number }

/** The pages of one area beside or above the content; on a phone behind one button that names the current page. */
export function Area({ label, links, side = false, children }: { label: string; links: AreaLink[]; side?: boolean; children: ReactNode }): JSX.Element {
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  const current = links.filter((link) => (link.end ? pathname === link.to : pathname.startsWith(link.to))).at(-1)
  return (
    <div className={`kp-area ${side ? 'kp-area--side' : ''}`}>
      <nav className="kp-area__nav" aria-label={label}>
        <button type="button" className="kp-area__toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {label}: {current?.label ?? ''}<Icon name={open ? 'up' : 'down'} size={18} />
        </button>
        <ul className={open ? 'is-open' : ''}>
          {links.map((link) => (
            <li key={link.to}>
              <NavLink className="kp-area__link" to={link.to} end={link.end ?? false} onClick={() => setOpen(false)}>
                {link.label}{link.count ? <span className="kp-count">{link.count}</span> : null}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="kp-area__main">{children}</div>
    </div>
  )
}
