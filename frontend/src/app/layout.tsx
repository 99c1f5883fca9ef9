import { Suspense, useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router'
import { useApi } from '../api/context'
import { useRefresh, useSend } from '../api/hooks'
import type { Session } from '../api/types'
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, setLanguage } from '../i18n'
import { Button, Link } from '../ui/button'
import { ProblemText, Skeleton } from '../ui/feedback'
import { Dialog } from '../ui/surface'
import { Icon } from '../ui/icon'
import { ActingLine, SecondFactorLine } from './acting'
import { LeaveGuard } from './leaving'
import { ADMIN_ROLES, hasRole, OFFICE_ROLES, STAFF_ROLES, useSession } from './session'
import { Boundary } from './states'
import { useTenant, useTo } from './tenant'

export function LanguageSwitch(): JSX.Element | null {
  const { t, i18n } = useTranslation()
  const { languages } = useTenant()
  const { session } = useSession()
  const api = useApi()
  const refresh = useRefresh()
  const choose = async (language: string) => {
    if (!isLanguage(language)) return
    await setLanguage(language, true)
    // What the server says, and mails, come in the language of the account. The page has its own whether or not this arrives.
    if (!session.account) return
    const { account } = await api.get<Session>('/session').catch(() => session)
    if (account && account.language !== language) await api.patch('/account', { language }, { version: account.version }).then(() => refresh('/'), () => undefined)
  }
  const offered = LANGUAGES.filter((language) => languages.includes(language))
  if (offered.length < 2) return null
  return (
    <nav className="kp-languages" aria-label={t('layout.language')}>
      {offered.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className="kp-languages__item"
          aria-current={i18n.language === language ? 'true' : undefined}
          onClick={() => void choose(language)}
        >
          {LANGUAGE_NAMES[language]}
        </button>
      ))}
    </nav>
  )
}

type NavItem = { to: string; label: string; end?: boolean }
function useNavItems(): NavItem[] {
  const { t } = useTranslation()
  const { session } = useSession()
  const to = useTo()
  const items: NavItem[] = [{ to: to('/suche'), label: t('nav.search') }]
  if (session.account?.kind === 'parent' || session.acting) items.unshift({ to: to('/familie'), label: session.acting?.family_name ?? t('nav.family') })
  if (hasRole(session, ['counsellor'])) items.unshift({ to: to('/vollmachten'), label: t('nav.mandates') })
  if (hasRole(session, STAFF_ROLES)) {
    items.unshift({ to: to('/arbeit'), label: t('nav.work') })
  }
  if (hasRole(session, ADMIN_ROLES)) items.unshift({ to: to('/verwaltung'), label: t('nav.admin') })
  if (hasRole(session, OFFICE_ROLES)) items.unshift({ to: to('/amt'), label: t('nav.office') })
  return items
}

function OfficialLine(): JSX.Element | null {
  const { t } = useTranslation()
  const { official_header: official } = useTenant()
  if (!official) return null
  return (
    <div className="kern-kopfzeile">
      <div className="kp-container kern-kopfzeile__content">
        <span className="kp-flag" aria-hidden="true"><i /><i /><i /></span>
        <span className="kern-kopfzeile__label">{t('layout.official')}</span>
      </div>
    </div>
  )
}

function AccountLinks(): JSX.Element {
  const { t } = useTranslation()
  const { session, ready, signOut } = useSession()
  const to = useTo()
  const navigate = useNavigate()
  const leave = useSend(async () => { await signOut(); void navigate(to('/')) })
  if (!ready) return <span className="kp-header__account" />
  if (!session.account) {
    return (
      <span className="kp-header__account">
        <Link className="kp-header__link" to={to('/anmelden')}><Icon name="person" />{t('nav.signIn')}</Link>
      </span>
    )
  }
  return (
    <span className="kp-header__account">
      <Link className="kp-header__link" to={to('/konto')}><Icon name="person" />{session.account.display_name ?? t('nav.account')}</Link>
      <Button kind="tertiary" small icon="logout" busy={leave.busy} onClick={() => void leave.run()}>{t('nav.signOut')}</Button>
      <Dialog open={leave.error !== null} title={t('signOut.failed')} onClose={leave.clear} footer={<><Button kind="secondary" onClick={leave.clear}>{t('action.close')}</Button><Button busy={leave.busy} onClick={() => void leave.run()}>{t('signOut.again')}</Button></>}>
        <p className="kern-body">{t('signOut.failedText')}</p>
        {leave.error && <ProblemText problem={leave.error} />}
      </Dialog>
    </span>
  )
}

function Header(): JSX.Element {
  const { t } = useTranslation()
  const tenant = useTenant()
  const to = useTo()
  const items = useNavItems()
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  useEffect(() => setOpen(false), [pathname])
  return (
    <header className="kp-header">
      <OfficialLine />
      <div className="kp-container kp-header__bar">
        <Link className="kp-brand" to={to('/')}>
          {tenant.logo_url && <img className="kp-brand__logo" src={tenant.logo_url} alt="" />}
          <span><span className="kp-brand__name">{tenant.name}</span><span className="kp-brand__product">{t('product')}</span></span>
        </Link>
        <button type="button" className="kp-menu-btn" aria-expanded={open} aria-controls="kp-menu" onClick={() => setOpen(!open)}>
          <Icon name={open ? 'close' : 'menu'} />{t('layout.menu')}
        </button>
        <div className={`kp-header__menu ${open ? 'is-open' : ''}`} id="kp-menu">
          <nav className="kp-nav" aria-label={t('layout.nav')}>
            <ul>
              {items.map((item) => (
                <li key={item.to}><NavLink className="kp-nav__link" to={item.to} end={item.end ?? false}>{item.label}</NavLink></li>
              ))}
              <li><NavLink className="kp-nav__link" to={to('/hilfe')}>{t('nav.help')}</NavLink></li>
            </ul>
          </nav>
          <LanguageSwitch />
          <AccountLinks />
        </div>
      </div>
    </header>
  )
}

function Footer(): JSX.Element {
  const { t } = useTranslation()
  const tenant = useTenant()
  const to = useTo()
  const { address, phone, email } = tenant.contact
  const feedback = tenant.feedback_email || email
  const subject = encodeURIComponent(t('layout.feedbackSubject'))
  return (
    <footer className="kp-footer">
      <div className="kp-container kp-footer__grid">
        <address className="kp-footer__contact">
          <strong>{tenant.office_name}</strong>
          {address && <span className="kp-lines">{address}</span>}
          {phone && <a className="kern-link" href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>}
          {email && <a className="kern-link" href={`mailto:${email}`}>{email}</a>}
        </address>
        <nav aria-label={t('layout.footer')}>
          <ul className="kp-footer__links">
            <li><Link to={to('/recht/imprint')}>{t('legal.imprint')}</Link></li>
            <li><Link to={to('/recht/privacy')}>{t('legal.privacy')}</Link></li>
            <li><Link to={to('/recht/accessibility')}>{t('legal.accessibility')}</Link></li>
            <li><Link to={to('/recht/plain_language')}>{t('legal.plain_language')}</Link></li>
            <li><Link to={to('/elternbeitraege')}>{t('layout.fees')}</Link></li>
            <li><Link to={to('/vergaben')}>{t('layout.allocations')}</Link></li>
            {feedback && <li><a className="kern-link" href={`mailto:${feedback}?subject=${subject}`}>{t('layout.feedback')}</a></li>}
          </ul>
        </nav>
      </div>
    </footer>
  )
}

/** Says "no connection" while there is none; what was typed stays where it is. */
function OfflineLine(): JSX.Element {
  const { t } = useTranslation()
  const [online, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const update = () => setOnline(navigator.onLine)
    window.addEventListener('online', update)
    window.addEventListener('offline', update)
    return () => { window.removeEventListener('online', update); window.removeEventListener('offline', update) }
  }, [])
  return <div role="status">{!online && <p className="kp-offline"><Icon name="warning" />{t('layout.offline')}</p>}</div>
}

export function Layout(): JSX.Element {
  const { t } = useTranslation()
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  return (
    <>
      <a className="kp-skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus() }}>{t('layout.skip')}</a>
      <Header />
      <OfflineLine />
      <ActingLine />
      <SecondFactorLine />
      <main className="kp-main kp-container" id="main" tabIndex={-1} ref={main}>
        <Boundary key={pathname}>
          <Suspense fallback={<Skeleton blocks={2} lines={4} />}><Outlet /></Suspense>
        </Boundary>
      </main>
      <Footer />
      <LeaveGuard />
    </>
  )
}
