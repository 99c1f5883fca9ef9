import { useState, type DragEvent, type JSX, type MouseEvent } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Navigate, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { BoardChild, BoardGroup, GroupBoard, PlacementInput } from '../../api/places-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Badge, ButtonLink, EmptyState, ErrorState, Icon, Link, Page, ProblemView, Skeleton, TextField } from '../../ui'
import { useAddress, useFormat, useSetting, useUndo } from '../../staff'
import './groups.css'

/** With one facility there is nothing to choose. */
export function GroupsChoice(): JSX.Element {
  const { t } = useTranslation('places')
  const { t: work } = useTranslation('work')
  const to = useTo()
  const query = useGet<Items<MyFacility>>('/staff/facilities')
  const items = query.data?.items ?? []
  if (items.length === 1 && items[0]) return <Navigate replace to={to(`/arbeit/gruppen/${items[0].id}`)} />
  return (
    <Page title={t('board.title')} lead={work('capacity.choose')} width="full">
      {query.isPending && <Skeleton lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && <EmptyState title={work('queue.noFacility')}>{work('queue.noFacilityText')}</EmptyState>}
      <ul className="kp-plain-list kp-stack">{items.map((facility) => <li key={facility.id}><Link to={to(`/arbeit/gruppen/${facility.id}`)}>{facility.name}</Link></li>)}</ul>
    </Page>
  )
}

type Move = (child: BoardChild, group: string | null) => void
const MIX = ['under3', 'over3', 'school_age'] as const

function Child({ child, at, board, onMove }: { child: BoardChild; at: string | null; board: GroupBoard; onMove: Move }): JSX.Element {
  const { t } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const name = words.childLabel(child.label)
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData('text/plain', child.child_id)
    event.dataTransfer.effectAllowed = 'move'
  }
  return (
    <li className="kp-board__child" draggable={board.may_move} onDragStart={onDragStart}>
      <Icon name="grip" size={18} />
      <strong>{name}</strong>
      <span className="kp-board__line">
        {t('board.child', { age: format.age(child.age_months), hours: child.hours_per_week, window: format.times(child) })}
      </span>
      {child.outside_age_range && <span className="kp-board__line"><Badge tone="warning" icon="warning">{t('board.outside')}</Badge></span>}
      {board.may_move && (
        <select aria-label={t('board.moveFor', { child: name })} value={at ?? ''} onChange={(event) => onMove(child, event.target.value || null)}>
          <option value="">{t('board.none')}</option>
          {board.groups.map((group) => <option key={group.id} value={group.id}>{group.name}</option>)}
        </select>
      )}
    </li>
  )
}

function GroupFacts({ group }: { group: BoardGroup }): JSX.Element {
  const { t, i18n } = useTranslation('places')
  const format = useFormat()
  const hours = (minutes: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(minutes / 60)
  const total = Math.max(1, group.under3 + group.over3 + group.school_age)
  return (
    <>
      <div className="kp-mix" aria-hidden="true">{MIX.map((band) => <span key={band} className={`kp-mix__${band}`} style={{ inlineSize: `${(group[band] / total) * 100}%` }} />)}</div>
      <dl className="kp-board__facts">
        <dt>{t('board.mix')}</dt><dd>{t('board.mixText', { under3: group.under3, over3: group.over3, school: group.school_age })}</dd>
        <dt>{t('board.ages')}</dt><dd>{t('board.agesText', { from: format.age(group.age_from_months), to: format.age(group.age_to_months) })}</dd>
        <dt>{t('board.hours')}</dt><dd>{t('board.hoursText', { hours: group.hours_per_week, window: format.window(group.opens_at, group.closes_at) })}</dd>
        {group.required_minutes !== null && (
          <>
            <dt>{t('board.staff')}</dt>
            <dd>{group.staff_minutes === null ? t('board.staffNeeded', { needs: hours(group.required_minutes) }) : t('board.staffText', { has: hours(group.staff_minutes), needs: hours(group.required_minutes) })}</dd>
          </>
        )}
      </dl>
    </>
  )
}

type Part = { key: string; title: string; count: string; group: BoardGroup | null; children: BoardChild[] }

function useParts(board: GroupBoard | undefined): Part[] {
  const { t } = useTranslation('places')
  if (!board) return []
  const { without_group: without } = board
  return [
    { key: 'without', title: t('board.without'), count: t('board.children', { count: without.length }), group: null, children: without },
    ...board.groups.map((group) => ({ key: group.id, title: group.name, count: t('board.of', { count: group.children.length, places: group.places }), group, children: group.children })),
  ]
}

// A phone shows one group at a time of many children; where the groups stand side by side they are open.
const NARROW = '(max-width: 39.99rem)'
const MANY = 20

/** Which groups are open, as this browser remembers it. */
function useOpenGroups(facility: string, parts: Part[]): { isOpen: (key: string) => boolean; setOpen: (key: string, open: boolean) => void } {
  const [narrow] = useState(() => window.matchMedia(NARROW).matches)
  const [kept, keep] = useSetting<Record<string, boolean>>(`groups:${facility}${narrow ? ':phone' : ''}`, {})
  const closed = narrow && parts.reduce((sum, part) => sum + part.children.length, 0) > MANY
  return { isOpen: (key) => kept[key] ?? (!closed || key === 'without'), setOpen: (key, open) => keep({ ...kept, [key]: open }) }
}

/** Stays in sight on a phone: one touch opens a group and goes to it. */
function JumpList({ parts, onOpen }: { parts: Part[]; onOpen: (key: string) => void }): JSX.Element {
  const { t } = useTranslation('places')
  const go = (event: MouseEvent, key: string) => {
    event.preventDefault()
    flushSync(() => onOpen(key))
    const head = document.getElementById(`group-${key}`)
    head?.scrollIntoView({ block: 'start' })
    head?.focus({ preventScroll: true })
  }
  return (
    <nav className="kp-board__jump" aria-label={t('board.jump')}>
      <ul>{parts.map((part) => <li key={part.key}><a href={`#group-${part.key}`} onClick={(event) => go(event, part.key)}><span>{part.title}</span> <span className="kp-num">{part.group ? `${part.children.length}/${part.group.places}` : part.children.length}</span></a></li>)}</ul>
    </nav>
  )
}

function Column({ part, board, open, onToggle, onMove }: { part: Part; board: GroupBoard; open: boolean; onToggle: () => void; onMove: Move }): JSX.Element {
  const { key, title, count, group, children } = part
  const id = group?.id ?? null
  const { t } = useTranslation('places')
  const [over, setOver] = useState(false)
  const all = [...board.groups.flatMap((one) => one.children), ...board.without_group]
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const child = all.find((one) => one.child_id === event.dataTransfer.getData('text/plain'))
    if (child && !children.includes(child)) onMove(child, id)
  }
  return (
    <section
      className={`kp-board__group ${over ? 'is-target' : ''}`}
      aria-label={title}
      onDragOver={(event) => { if (board.may_move) { event.preventDefault(); setOver(true) } }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className="kp-board__head">
        <h2 className="kern-title" id={`group-${key}`} tabIndex={-1}>
          <button type="button" className="kp-board__toggle" aria-expanded={open} aria-controls={`group-${key}-body`} onClick={onToggle}><Icon name={open ? 'up' : 'down'} size={18} />{title}</button>
        </h2>
        <span className="kp-num">{count}</span>
      </div>
      {group?.warnings.map((warning) => <Badge key={warning} tone="warning" icon="warning">{t(`board.warning.${warning}`)}</Badge>)}
      <div className="kp-board__body" id={`group-${key}-body`} hidden={!open}>
        {group && <GroupFacts group={group} />}
        {children.length === 0 && <p className="kp-small kp-muted">{t('board.empty')}</p>}
        <ul className="kp-board__children">{children.map((child) => <Child key={child.child_id} child={child} at={id} board={board} onMove={onMove} />)}</ul>
      </div>
    </section>
  )
}

/** Children by group on a day: drag a child, or choose its group; warnings stop nothing, the way back is one click. */
export function GroupBoardPage(): JSX.Element {
  const { t, i18n } = useTranslation('places')
  const { facility = '' } = useParams()
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const on = values['tag'] ?? today()
  const path = `/staff/facilities/${facility}/groups`
  const query = useGet<GroupBoard>(path, { on })
  const board = query.data
  const parts = useParts(board)
  const { isOpen, setOpen } = useOpenGroups(facility, parts)
  const put = (input: PlacementInput) => api.put<GroupBoard>(`${path}/placement`, input)
  const send = useSend(put)
  const move: Move = (child, group) => void (async () => {
    const before = board?.groups.find((one) => one.children.some((other) => other.child_id === child.child_id))?.id ?? null
    const answer = await send.run({ child_id: child.child_id, group_id: group, valid_from: on })
    await refresh(path)
    if (!answer?.ok) return
    const name = board?.groups.find((one) => one.id === group)?.name
    const label = words.childLabel(child.label)
    offer(name ? t('board.moved', { child: label, group: name }) : t('board.movedOut', { child: label }), async () => {
      await put({ child_id: child.child_id, group_id: before, valid_from: on })
      await refresh(path)
    })
  })()
  const hours = (minutes: number | null) => (minutes === null ? '–' : new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(minutes / 60))
  return (
    <Page title={board ? t('board.titleOf', { facility: board.facility_name }) : t('board.title')} lead={t('board.lead')} width="full">
      <TextField id="tag" type="date" width="md" label={t('board.on')} hint={t('board.onHint')} value={on} onChange={(tag) => set({ tag })} />
      {query.isPending && <Skeleton blocks={3} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      <ProblemView problem={send.error} />
      {board && (
        <>
          {!board.may_move && <Alert tone="info" title={t('board.lookOnly')} />}
          {board.required_minutes !== null && <p className="kern-body">{t('board.total', { has: hours(board.staff_minutes), needs: hours(board.required_minutes) })}</p>}
          {board.groups.length === 0 && (
            <EmptyState title={t('board.noGroups')} action={<ButtonLink kind="secondary" to={to(`/arbeit/kapazitaet/${facility}/grundlagen`)}>{t('board.toBasis')}</ButtonLink>}>{t('board.noGroupsText')}</EmptyState>
          )}
          {parts.length > 2 && <JumpList parts={parts} onOpen={(key) => setOpen(key, true)} />}
          <div className="kp-board">
            {parts.map((part) => <Column key={part.key} part={part} board={board} open={isOpen(part.key)} onToggle={() => setOpen(part.key, !isOpen(part.key))} onMove={move} />)}
          </div>
        </>
      )}
      {bar}
    </Page>
  )
}
