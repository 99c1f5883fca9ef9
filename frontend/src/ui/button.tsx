import type { ButtonHTMLAttributes, JSX, ReactNode, Ref } from 'react'
import { Link as RouterLink, type LinkProps } from 'react-router'
import { Icon, type IconName } from './icon'

export type ButtonKind = 'primary' | 'secondary' | 'tertiary'
const classOf = (kind: ButtonKind, small: boolean, block: boolean, danger: boolean): string =>
  ['kern-btn', `kern-btn--${kind}`, small && 'kp-btn--small', block && 'kp-btn--block', danger && 'kp-btn--danger']
    .filter(Boolean).join(' ')

type Look = { kind?: ButtonKind; small?: boolean; block?: boolean; danger?: boolean; icon?: IconName }
export type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement> & {
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** A button says what it does. While `busy` it keeps its place and its focus and ignores clicks. */
export function Button({ kind = 'primary', small = false, block = false, danger = false, icon, busy = false, type = 'button', children, onClick, ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      {...rest}
      type={type}
      className={`${classOf(kind, small, block, danger)} ${rest.className ?? ''}`}
      aria-disabled={busy || rest['aria-disabled'] || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} />}
      <span className="kern-label">{children}</span>
      {busy && <span className="kp-btn__busy" aria-hidden="true" />}
    </button>
  )
}

/** A small button with a picture only; the label is its name for everybody who cannot see it, and its tooltip. */
export function IconButton({ label, icon, ...rest }: { label: string; icon: IconName; ref?: Ref<HTMLButtonElement> } & ButtonHTMLAttributes<HTMLButtonElement>): JSX.Element {
  return (
    <button type="button" {...rest} className={`kp-icon-btn ${rest.className ?? ''}`} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  )
}

/** A way to another page that looks like a button. */
export function ButtonLink({ kind = 'primary', small = false, block = false, danger = false, icon, children, ...rest }: Look & LinkProps): JSX.Element {
  return (
    <RouterLink {...rest} className={classOf(kind, small, block, danger)}>
      {icon && <Icon name={icon} />}
      <span className="kern-label">{children}</span>
    </RouterLink>
  )
}

/** A file that the server makes (PDF, CSV): a plain link, so that the browser shows or keeps it. */
export function DownloadLink({ href, kind = 'secondary', small = false, children }: Look & { href: string; children: ReactNode }): JSX.Element {
  return (
    <a href={href} className={classOf(kind, small, false, false)} target="_blank" rel="noreferrer">
      <Icon name="download" />
      <span className="kern-label">{children}</span>
    </a>
  )
}

export function Link({ className, ...rest }: LinkProps): JSX.Element {
  return <RouterLink {...rest} className={`kern-link ${className ?? ''}`} />
}

export function ExternalLink({ href, children }: { href: string; children: ReactNode }): JSX.Element {
  return <a className="kern-link" href={href} rel="noreferrer noopener" target="_blank">{children}</a>
}
