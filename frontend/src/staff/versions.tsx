import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useSend } from '../api/hooks'
import type { Query } from '../api/client'
import type { Version } from '../api/versions-types'
import { Badge, Button, Dialog, ErrorState, ProblemView, Skeleton } from '../ui'
import { useFormat } from './format'
import { useVersionWords, type SaidChange } from './version-words'

function Changed({ change }: { change: SaidChange }): JSX.Element {
  const { t } = useTranslation('versions')
  const { field, before, after, long } = change
  if (!long) {
    if (before === null) return <li>{t('added', { field, after: after ?? t('nothing') })}</li>
    return <li>{after === null ? t('removed', { field, before }) : t('change', { field, before, after })}</li>
  }
  return (
    <li>
      {field}
      <dl className="kp-stack kp-stack--small">
        {before !== null && <div><dt>{t('before')}</dt><dd className="kp-lines">{before}</dd></div>}
        <div><dt>{t(before === null ? 'afterNew' : 'after')}</dt><dd className="kp-lines">{after ?? t('nothing')}</dd></div>
      </dl>
    </li>
  )
}

function Changes({ version, group }: { version: Version; group: string | undefined }): JSX.Element | null {
  const { t } = useTranslation('versions')
  const words = useVersionWords()
  // An empty list that came or went says nothing.
  const changes = version.changes.filter((change) => !group || change.path[0] === group).map(words).filter(({ before, after }) => before !== null || after !== null)
  // What was found first stands as it was, it changed nothing.
  if (changes.length === 0) return version.found && version.number === 1 ? null : <p className="kp-small">{t('unchanged')}</p>
  return <ul className="kp-list">{changes.map((change, at) => <Changed key={`${change.field}${at}`} change={change} />)}</ul>
}

type OneProps = { version: Version; what: string | null; group: string | undefined; onRestore: (() => void) | undefined }
function One({ version, what, group, onRestore }: OneProps): JSX.Element {
  const { t } = useTranslation('versions')
  const format = useFormat()
  const { number } = version
  return (
    <li>
      <span className="kp-row">
        <span className="kp-muted kp-num">{format.dateTime(version.recorded_at)}</span>
        <strong>{what ? t('of', { what, number }) : t('number', { number })}</strong>
        {version.latest && <Badge tone="success" icon="check">{t('current')}</Badge>}
      </span>
      <div className="kp-small">
        {version.found
          ? number > 1 ? t('between') : version.since ? t('foundSince', { date: format.date(version.since) }) : t('found')
          : version.by ? t('by', { name: version.by }) : t('byNobody')}
      </div>
      <Changes version={version} group={group} />
      {onRestore && !version.latest && <Button small kind="tertiary" icon="refresh" onClick={onRestore} aria-label={what ? `${what}: ${t('restoreOf', { number })}` : t('restoreOf', { number })}>{t('restore')}</Button>}
    </li>
  )
}

type AskProps = { version: Version; later: Version[]; busy: boolean; onRestore: () => void; onClose: () => void }
/** What holds at once is asked before, with each change that it takes back. */
function AskRestore({ version: { number }, later, busy, onRestore, onClose }: AskProps): JSX.Element {
  const { t } = useTranslation('versions')
  const { t: common } = useTranslation()
  return (
    <Dialog
      open
      title={t('ask', { number })}
      onClose={onClose}
      footer={<><Button busy={busy} onClick={onRestore}>{t('restoreOf', { number })}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <p className="kern-body">{t('askText', { number })}</p>
      <p className="kern-body">{t('askBack')}</p>
      {later.map((one) => <div key={one.number}><strong>{t('number', { number: one.number })}</strong><Changes version={one} group={undefined} /></div>)}
    </Dialog>
  )
}

type Props = {
  path?: string
  query?: Query
  /** Only what was changed in this part of the content. */
  group?: string
  /** What a version is of, where the list has several. */
  what?: (version: Version) => string | null
  /** Lets an old version hold again; without it there is no way back. */
  restore?: (version: Version) => Promise<unknown>
  onRestored?: (message: string) => void
}
function Versions({ path = '/admin/versions', query, group, what, restore, onRestored }: Props): JSX.Element {
  const { t } = useTranslation('versions')
  const { t: common } = useTranslation()
  const list = useList<Version>(path, { ...query, limit: 20 })
  const [asked, setAsked] = useState<Version | null>(null)
  const send = useSend(async (version: Version) => { await restore?.(version) })
  const keyOf = (version: Version) => `${version.kind}${version.subject}${version.number}`
  const onRestore = async (version: Version) => {
    const answer = await send.run(version)
    setAsked(null)
    if (!answer?.ok) return
    await list.refetch()
    onRestored?.(t('restored', { number: version.number }))
  }
  const shown = list.items.filter((version) => !group || version.changes.some((change) => change.path[0] === group))
  return (
    <div className="kp-stack">
      <p className="kp-small kp-muted">{t('text')}</p>
      <ProblemView problem={send.error} />
      {list.error && <ErrorState problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={4} />}
      {list.isSuccess && !list.hasNextPage && shown.length === 0 && <p className="kern-body">{t('empty')}</p>}
      <ol className="kp-events">
        {shown.map((version) => (
          <One key={keyOf(version)} version={version} what={what?.(version) ?? null} group={group} onRestore={restore && (() => setAsked(version))} />
        ))}
      </ol>
      {asked && <AskRestore version={asked} later={list.items.filter((one) => one.kind === asked.kind && one.subject === asked.subject && one.number > asked.number)} busy={send.busy} onRestore={() => void onRestore(asked)} onClose={() => setAsked(null)} />}
      {list.hasNextPage && <Button kind="secondary" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{common('action.loadMore')}</Button>}
    </div>
  )
}

/** Earlier versions of what a page sets; they are fetched when somebody opens the part. */
export function EarlierVersions(props: Props): JSX.Element {
  const { t } = useTranslation('versions')
  const [open, setOpen] = useState(false)
  return (
    <section className="kp-section">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="kp-tool">{t('title')}</summary>
        {open && <div className="kp-below"><Versions {...props} /></div>}
      </details>
    </section>
  )
}
