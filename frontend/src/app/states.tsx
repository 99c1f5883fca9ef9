import { Component, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../ui/feedback'
import { Page } from '../ui/page'
import { Link } from '../ui/button'

/** A page without the header of a tenant. */
export function PlainFrame({ children }: { children: ReactNode }): JSX.Element {
  return <main className="kp-main kp-container" id="main">{children}</main>
}

export function NotFound(): JSX.Element {
  const { t } = useTranslation()
  return (
    <Page title={t('notFound.title')}>
      <p className="kern-body">{t('notFound.text')}</p>
      <p className="kern-body"><Link to="/">{t('notFound.home')}</Link></p>
    </Page>
  )
}

function Broken(): JSX.Element {
  const { t } = useTranslation()
  return (
    <Alert tone="danger" live title={t('problem.broken')}>
      <p className="kern-body">{t('problem.brokenText')}</p>
      <button type="button" className="kern-btn kern-btn--secondary" onClick={() => window.location.reload()}>
        <span className="kern-label">{t('action.reload')}</span>
      </button>
    </Alert>
  )
}

/** Catches a fault of a page so that header, footer and the way out stay. */
export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError(): { failed: boolean } { return { failed: true } }
  override render(): ReactNode { return this.state.failed ? <Broken /> : this.props.children }
}
