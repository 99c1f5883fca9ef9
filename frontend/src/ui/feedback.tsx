import { useEffect, useId, useRef, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { formatTime } from '../lib/dates'
import { Button } from './button'
import { Held } from './held'
import { Icon, type IconName } from './icon'
import { useProblemText } from './problem'
import { isTyping } from './typing'

export type Tone = 'info' | 'success' | 'warning' | 'danger'
const TONE_ICON: Record<Tone, IconName> = { info: 'info', success: 'check-circle', warning: 'warning', danger: 'danger' }

/** A message of the page. `live` reads it out when it appears. */
export function Alert({ tone = 'info', title, children, live = false }: { tone?: Tone; title: ReactNode; children?: ReactNode; live?: boolean }): JSX.Element {
  return (
    <div className={`kern-alert kern-alert--${tone}`} role={live ? (tone === 'danger' ? 'alert' : 'status') : undefined}>
      <div className="kern-alert__header">
        <span className={`kp-alert__icon kp-tone-${tone}`}><Icon name={TONE_ICON[tone]} size={24} /></span>
        <p className="kern-title">{title}</p>
      </div>
      {children && <div className="kern-alert__body">{children}</div>}
    </div>
  )
}

/** A state in a word, with a picture; never told by the colour alone. */
export function Badge({ tone, icon, children }: { tone: Tone | 'neutral'; icon: IconName; children: ReactNode }): JSX.Element {
  return (
    <span className={`kern-badge kern-badge--${tone} kp-badge`}>
      <span className={`kp-tone-${tone}`}><Icon name={icon} size={18} /></span>
      <span className="kern-label">{children}</span>
    </span>
  )
}

export type SummaryItem = { id: string; message: string }

/** What is wrong with a form: takes the focus when it appears or says something new, and links to each field. */
export function ErrorSummary({ errors, problem }: { errors: SummaryItem[]; problem?: ApiError | null }): JSX.Element {
  const { t } = useTranslation()
  const ref = useRef<HTMLDivElement>(null)
  const titleId = useId()
  const shown = errors.length > 0 || Boolean(problem)
  const fingerprint = errors.map((item) => item.id + item.message).join('|') + (problem ? problem.code : '')
  useEffect(() => {
    if (shown && !isTyping()) ref.current?.focus()
  }, [shown, fingerprint])
  return (
    <Held>
      {shown && (
        <div className="kern-alert kern-alert--danger" tabIndex={-1} ref={ref} role="alert" aria-labelledby={titleId}>
          <div className="kern-alert__header">
            <span className="kp-alert__icon kp-tone-danger"><Icon name="danger" size={24} /></span>
            <h2 className="kern-title" id={titleId}>{errors.length > 0 ? t('form.summary', { count: errors.length }) : t('form.notSaved')}</h2>
          </div>
          <div className="kern-alert__body">
            {errors.length > 0 && (
              <ul className="kp-plain-list">
                {errors.map((item) => (
                  <li key={item.id}>
                    <a className="kern-link" href={`#${item.id}`} onClick={(event) => { event.preventDefault(); focusField(item.id) }}>{item.message}</a>
                  </li>
                ))}
              </ul>
            )}
            {problem && errors.length === 0 && <ProblemText problem={problem} />}
          </div>
        </div>
      )}
    </Held>
  )
}

function focusField(id: string): void {
  const field = document.getElementById(id) ?? document.getElementById(`${id}-day`)
  if (!field) return
  const target = field.matches('fieldset') ? (field.querySelector<HTMLElement>('input, select, textarea, button') ?? field) : field
  target.focus()
  target.scrollIntoView?.({ block: 'center' })
}

/** What happened, in plain words, with the number under which support finds it. */
export function ProblemText({ problem }: { problem: ApiError }): JSX.Element {
  const { t } = useTranslation()
  const text = useProblemText()
  return (
    <>
      <p className="kern-body">{text(problem)}</p>
      {problem.requestId && <p className="kern-body kern-body--small">{t('problem.requestId', { id: problem.requestId })}</p>}
    </>
  )
}

export function ProblemView({ problem }: { problem: ApiError | null | undefined }): JSX.Element | null {
  const { t } = useTranslation()
  if (!problem) return null
  return <Alert tone="danger" live title={t('problem.title')}><ProblemText problem={problem} /></Alert>
}

/** A page or a `part` of it that could not be loaded. */
export function ErrorState({ problem, onRetry, part = false }: { problem: ApiError; onRetry?: () => void; part?: boolean }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="kp-stack">
      <Alert tone="danger" live title={part ? t('problem.loadPart') : t('problem.load')}><ProblemText problem={problem} /></Alert>
      {onRetry && <div><Button kind="secondary" icon="refresh" onClick={onRetry}>{t('action.retry')}</Button></div>}
    </div>
  )
}

export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }): JSX.Element {
  return (
    <div className="kp-empty">
      <p className="kern-title">{title}</p>
      {children && <div className="kern-body">{children}</div>}
      {action}
    </div>
  )
}

/** Grey bars in the place of what is coming, so that nothing jumps. */
export function Skeleton({ lines = 3, blocks = 1 }: { lines?: number; blocks?: number }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="kp-skeleton" role="status">
      <span className="kern-sr-only">{t('state.loading')}</span>
      {Array.from({ length: blocks }, (_, block) => (
        <div className="kp-skeleton__block" key={block} aria-hidden="true">
          {Array.from({ length: lines }, (_, line) => <div className="kp-skeleton__line" key={line} />)}
        </div>
      ))}
    </div>
  )
}

type Read<T> = { data: T | undefined; error: ApiError | null; refetch: () => unknown }
/** A part of a page that is read on its own: bars while it loads, and where it cannot be loaded what happened and a way to try again. */
export function Loaded<T>({ query, lines = 3, children }: { query: Read<T>; lines?: number; children: (data: T) => ReactNode }): JSX.Element {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <ErrorState part problem={query.error} onRetry={() => void query.refetch()} />
  return <Skeleton lines={lines} />
}

export type Saving = { state: 'idle' | 'saving' | 'saved' | 'failed'; at?: Date }

/** "gespeichert 14:03", read out politely. */
export function SaveState({ saving }: { saving: Saving }): JSX.Element {
  const { t, i18n } = useTranslation()
  const text = {
    idle: '',
    saving: t('save.saving'),
    saved: saving.at ? t('save.saved', { time: formatTime(saving.at, i18n.language) }) : '',
    failed: t('save.failed'),
  }[saving.state]
  return (
    <p className={`kp-save kp-save--${saving.state}`} role="status" aria-live="polite">
      {saving.state === 'saved' && <Icon name="check" size={18} />}
      {saving.state === 'failed' && <Icon name="warning" size={18} />}
      {text}
    </p>
  )
}

export function VisuallyHidden({ children }: { children: ReactNode }): JSX.Element {
  return <span className="kern-sr-only">{children}</span>
}

/** Below a list: how much is shown, and the next part on request. */
export function LoadMore({ shown, total, hasMore, busy, onMore }: { shown: number; total: number | null; hasMore: boolean; busy: boolean; onMore: () => void }): JSX.Element {
  const { t } = useTranslation()
  return (
    <div className="kp-more">
      <p className="kern-body" role="status">
        {total === null ? t('list.shown', { count: shown }) : t('list.shownOf', { count: shown, total })}
      </p>
      {hasMore && <Button kind="secondary" busy={busy} onClick={onMore}>{t('action.loadMore')}</Button>}
    </div>
  )
}
