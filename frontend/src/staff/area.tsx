import { useEffect, useState, type JSX, type ReactNode } from 'react'
import { Link, NavLink, useLocation } from 'react-router'
import { loadRest } from '../i18n'
import { Icon } from '../ui'
import './staff.css'

/** `also`: addresses of pages that belong to this one without standing below it. */
export type AreaLink = { to: string; also?: string[]; label: string; end?: boolean; count?: number }
/** A few pages that belong together; one page alone is a group of its own. */
export type AreaGroup = { label: string; links: AreaLink[] }

const isBelow = (to: string, pathname: string): boolean => pathname === to || pathname.startsWith(`${to}/`)
const isAt = (link: AreaLink, pathname: string): boolean => (link.end ? pathname === link.to : isBelow(link.to, pathname)) || (link.also ?? []).some((to) => isBelow(to, pathname))
const countOf = (links: AreaLink[]): number => links.reduce((sum, link) => sum + (link.count ?? 0), 0)

function Count({ value }: { value: number | undefined }): JSX.Element | null {
  return value ? <span className="kp-count">{value}</span> : null
}
function Room({ link, onClick }: { link: AreaLink; onClick?: (() => void) | undefined }): JSX.Element {
  const within = isAt(link, useLocation().pathname)
  return (
    <li>
      <NavLink className={({ isActive }) => `kp-area__link ${isActive || within ? 'active' : ''}`} to={link.to} end={link.end ?? false} onClick={onClick}>
        {link.label}<Count value={link.count} />
      </NavLink>
    </li>
  )
}

/** Two rows above the content: the groups, and the pages of the one where we are. */
function Rows({ groups, current }: { groups: AreaGroup[]; current: AreaGroup | undefined }): JSX.Element {
  return (
    <div className="kp-area__rows">
      <ul className="kp-area__groups">
        {groups.map((group) => {
          const first = group.links[0]
          return first && (
            <li key={group.label}>
              <Link className={`kp-area__link ${group === current ? 'active' : ''}`} to={first.to} aria-current={group === current ? (group.links.length > 1 ? 'true' : 'page') : undefined}>
                {group.label}<Count value={countOf(group.links)} />
              </Link>
            </li>
          )
        })}
      </ul>
      {current && current.links.length > 1 && <ul className="kp-area__rooms" aria-label={current.label}>{current.links.map((link) => <Room key={link.to} link={link} />)}</ul>}
    </div>
  )
}

/** The pages of one area beside or above the content; on a phone behind one button that names the current page. */
export function Area({ label, links, groups = [{ label, links: links ?? [] }], side = false, children }: { label: string; links?: AreaLink[]; groups?: AreaGroup[]; side?: boolean; children: ReactNode }): JSX.Element {
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  useEffect(() => { void loadRest() }, [])
  const current = groups.find((group) => group.links.some((link) => isAt(link, pathname)))
  const page = current?.links.filter((link) => isAt(link, pathname)).at(-1)
  return (
    <div className={`kp-area ${side ? 'kp-area--side' : ''}`}>
      <nav className="kp-area__nav" aria-label={label}>
        <button type="button" className="kp-area__toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {page ? `${label}: ${page.label}` : label}<Icon name={open ? 'up' : 'down'} size={18} />
        </button>
        {!side && groups.length > 1 && <Rows groups={groups} current={current} />}
        <div className={`kp-area__list ${!side && groups.length > 1 ? 'is-small' : ''} ${open ? 'is-open' : ''}`}>
          {groups.map((group) => (
            <div key={group.label}>
              {group.links.length > 1 && groups.length > 1 && <p className="kp-area__title">{group.label}</p>}
              <ul aria-label={groups.length > 1 ? group.label : undefined}>{group.links.map((link) => <Room key={link.to} link={link} onClick={() => setOpen(false)} />)}</ul>
            </div>
          ))}
        </div>
      </nav>
      <div className="kp-area__main">{children}</div>
    </div>
  )
}
