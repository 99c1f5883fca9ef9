import { useEffect, useId, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui'

/** A list with a case beside it: the list stays where it was, on a phone the case lies over it. */
export function WithPanel({ panel, children }: { panel: ReactNode; children: ReactNode }): JSX.Element {
  return (
    <div className={`kp-split ${panel ? 'has-panel' : ''}`}>
      <div className="kp-split__list">{children}</div>
      {panel}
    </div>
  )
}

/** The case itself. It takes the focus when it opens; closing gives the focus back to the row. */
export function Panel({ title, subtitle, onClose, children }: { title: ReactNode; subtitle?: ReactNode; onClose: () => void; children: ReactNode }): JSX.Element {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    heading.current?.focus()
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus() }
  }, [])
  return (
    <aside className="kp-case" aria-labelledby={id}>
      <div className="kp-case__head">
        <div>
          <h2 className="kern-title kern-title--large" id={id} tabIndex={-1} ref={heading}>{title}</h2>
          {subtitle && <p className="kp-small kp-muted">{subtitle}</p>}
        </div>
        <IconButton icon="close" label={t('action.close')} onClick={onClose} />
      </div>
      <div className="kp-case__body">{children}</div>
    </aside>
  )
}
