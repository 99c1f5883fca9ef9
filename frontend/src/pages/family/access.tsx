import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet, useList } from '../../api/hooks'
import type { ChildAccess } from '../../api/privacy-types'
import type { Family, Role } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { formatDateTime } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, Button, Checkbox, EmptyState, ErrorState, Page, Skeleton } from '../../ui'
import { useChildName } from './child-name'

// They are recorded like a change, because somebody answers for them, and change nothing.
const LOOKS = ['read_protected_address', 'open_conflicts']

// Who holds a mandate does this as itself, with whatever account: neither as the office nor as another parent.
const BY_HOLDER = ['list_my_mandates', 'accept_mandate', 'give_back_mandate', 'act_for_family', 'stop_acting']

function Line({ event }: { event: ChildAccess }): JSX.Element {
  const { t, i18n } = useTranslation('privacy')
  const words = useWords()
  const changed = event.changed !== null && event.changed && !LOOKS.includes(event.action)
  const known = i18n.exists(`privacy:access.action.${event.action}`)
  const what = known ? t(`access.action.${event.action as 'get_demand'}`) : t(event.changed ? 'access.someChanged' : 'access.someRead')
  const who = event.by !== 'own' && BY_HOLDER.includes(event.action) ? t('access.holder') : event.by === 'staff'
    ? [event.role && words.role(event.role as Role), event.place ?? t('access.office')].filter(Boolean).join(', ')
    : event.by === 'counsellor' && event.on_behalf_of ? t('access.by.counsellor', { name: event.place ?? words.role('counsellor'), family: event.on_behalf_of })
      : t(`access.by.${event.by as 'own'}`, { place: event.place ?? '' })
  const reason = event.reason && i18n.exists(`privacy:protection.purposes.${event.reason}`) ? t(`protection.purposes.${event.reason as 'letter'}`) : event.reason && i18n.exists(`privacy:custody.reasons.${event.reason}`) ? t(`custody.reasons.${event.reason as 'death'}`) : null
  return (
    <li>
      <span className="kp-row">
        <span className="kp-muted kp-num">{formatDateTime(event.at, i18n.language)}</span>
        {event.changed !== null && <Badge tone={changed ? 'info' : 'neutral'} icon={changed ? 'edit' : 'search'}>{t(changed ? 'access.changed' : 'access.read')}</Badge>}
      </span>
      <strong>{who}</strong>: {what}
      {reason && <div className="kp-small">{t('access.reason', { reason })}</div>}
    </li>
  )
}

/** Who looked at my child: when, what, and in which role; never a name. */
export default function AccessPage(): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: common } = useTranslation()
  const { child: id = '' } = useParams()
  const to = useTo()
  const nameOf = useChildName()
  const family = useGet<Family>('/family')
  const [own, setOwn] = useState(false)
  const list = useList<ChildAccess>(`/family/children/${id}/access`, { limit: 25, own: String(own) })
  const child = family.data?.children.find((entry) => entry.id === id)
  if (family.data && !child) return <NotFound />
  const back = { to: to(`/familie/kind/${id}`), label: child ? nameOf(child) : t('access.link') }
  return (
    <Page title={t('access.title', { name: child ? nameOf(child) : '…' })} lead={t('access.lead')} back={back}>
      <p className="kern-body">{t('access.why')}</p>
      <Checkbox label={t('access.own')} checked={own} onChange={setOwn} />
      {list.error && <ErrorState problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={6} />}
      {!list.isPending && list.items.length === 0 && <EmptyState title={t('access.empty')}>{t('access.emptyText')}</EmptyState>}
      <ol className="kp-events">{list.items.map((event) => <Line key={event.id} event={event} />)}</ol>
      {list.hasNextPage && <Button kind="secondary" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{common('action.loadMore')}</Button>}
    </Page>
  )
}
