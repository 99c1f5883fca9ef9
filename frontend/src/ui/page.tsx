import { useEffect, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenantName } from '../app/tenant'
import { Link } from './button'

type PageProps = {
  title: string
  lead?: ReactNode
  /** A line above the heading that leads one level up. */
  back?: { to: string; label: string }
  /** Reading width for forms and texts; `wide` for lists with a map, `full` for tables. */
  width?: 'text' | 'wide' | 'full'
  children: ReactNode
}

/** Every page: document title, one h1 that gets the focus when the page is entered, one main column. */
export function Page({ title, lead, back, width = 'text', children }: PageProps): JSX.Element {
  const { t } = useTranslation()
  const tenant = useTenantName()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => { document.title = [title, tenant, t('product')].filter(Boolean).join(' – ') }, [title, tenant, t])
  useEffect(() => {
    // The first page a browser opens keeps its natural start; later ones begin at their heading.
    if (sessionEntered) heading.current?.focus({ preventScroll: true })
    sessionEntered = true
    window.scrollTo(0, 0)
  }, [])
  return (
    <div className={`kp-page kp-page--${width}`}>
      {back && <p className="kp-back"><Link to={back.to}><span aria-hidden="true">← </span>{back.label}</Link></p>}
      <h1 className="kern-heading-large kp-h1" tabIndex={-1} ref={heading}>{title}</h1>
      {lead && <div className="kern-body kern-body--large kp-lead">{lead}</div>}
      {children}
    </div>
  )
}
let sessionEntered = false

export function Section({ title, children, id }: { title: ReactNode; children: ReactNode; id?: string }): JSX.Element {
  return (
    <section className="kp-section" id={id}>
      <h2 className="kern-heading-medium">{title}</h2>
      {children}
    </section>
  )
}

export function Actions({ children }: { children: ReactNode }): JSX.Element {
  return <div className="kp-actions">{children}</div>
}
