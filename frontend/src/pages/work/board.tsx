import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { PoolBoard, RoundBoard } from '../../api/round-types'
import { hasRole, useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Button, EmptyState, ErrorState, ErrorSummary, Page, Section, Skeleton } from '../../ui'
import { useFormat, useUndo } from '../../staff'
import { StandBadge } from '../office/rounds/facility-steps'
import { byPoints, isChanged, missing, start, toAnswer, type Ordered, type Orders } from './order'
import { OrderList } from './order-list'
import { PoolParts } from './pool-parts'

function Pool({ pool, list, editable, tried, onChange }: { pool: PoolBoard; list: Ordered[]; editable: boolean; tried: boolean; onChange: (list: Ordered[]) => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const words = useWords()
  return (
    <Section title={words.ageBand(pool.age_band)}>
      <p className="kern-body">{t('board.places', { places: pool.places, free: pool.free, children: list.length })}</p>
      <PoolParts pool={pool} />
      {list.length === 0
        ? <p className="kern-body kp-muted">{t('board.nobody')}</p>
        : <OrderList band={pool.age_band} list={list} kept={pool.kept} editable={editable} tried={tried} onChange={onChange} />}
      {editable && list.length > 1 && <div><Button small kind="tertiary" onClick={() => onChange(byPoints(list, pool.kept))}>{t('board.byPoints')}</Button></div>}
    </Section>
  )
}

function Board({ board, onDone }: { board: RoundBoard; onDone: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('steps')
  const api = useApi()
  const refresh = useRefresh()
  const format = useFormat()
  const { session } = useSession()
  const [orders, setOrders] = useState<Orders>(() => start(board.pools))
  const [tried, setTried] = useState(false)
  const { step } = board
  const open = step !== null && step.closed_at === null
  const editable = open && board.stand !== 'nothing' && hasRole(session, ['facility_manager', 'provider_manager', 'childminder'])
  const changed = isChanged(orders, board.pools)
  const gaps = missing(orders)
  const send = useSend(async () => {
    await api.put(`/staff/rounds/${board.round_id}/facilities/${board.facility_id}/answer`, toAnswer(step?.number ?? 0, orders, board.pools), { version: board.version })
    await refresh('/staff/rounds')
  })
  const submit = async () => {
    setTried(true)
    if ((!changed || gaps.length === 0) && (await send.run())?.ok) onDone(t('board.sent'))
  }
  const errors = tried && changed ? gaps.map((id) => ({ id, message: t('board.needReason') })) : []
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <div className="kp-row"><StandBadge stand={board.stand} /><span>{t(`mode.${board.mode}.label`)}</span></div>
      {!step && <Alert tone="info" title={t('board.notYet')}><p className="kern-body">{t('board.notYetText')}</p></Alert>}
      {open && <p className="kern-body"><strong>{t('office.open_step', { number: step.number, day: format.date(step.due_on), due: format.due(step.due_on) })}</strong></p>}
      {open && board.steps_left !== null && <p className="kern-body">{t('office.left', { count: Math.max(1, board.steps_left) })}</p>}
      {open && board.provisional && <p className="kern-body">{t('board.provisional')}</p>}
      {board.done && <Alert tone="success" title={t('board.done')}><p className="kern-body">{t('board.doneText')}</p></Alert>}
      {editable && <p className="kern-body">{t(board.mode === 'by_hand' ? 'board.how' : 'board.howPoints')}</p>}
      <ErrorSummary errors={errors} problem={send.error} />
      {board.pools.map((pool) => (
        <Pool key={pool.age_band} pool={pool} list={orders[pool.age_band] ?? []} editable={editable} tried={tried && changed} onChange={(list) => setOrders((old) => ({ ...old, [pool.age_band]: list }))} />
      ))}
      {step && board.pools.length === 0 && <EmptyState title={t('board.noPools')} />}
      {editable && <div className="kp-actions"><Button type="submit" busy={send.busy}>{changed ? t('board.confirm') : t('board.confirmStanding')}</Button></div>}
    </form>
  )
}

/** A facility's part of a coordinated round: order the children, see what is held and what is final, confirm. */
export function BoardPage(): JSX.Element {
  const { t } = useTranslation('steps')
  const { round = '', facility = '' } = useParams()
  const to = useTo()
  const { offer, bar } = useUndo()
  const query = useGet<RoundBoard>(`/staff/rounds/${round}/facilities/${facility}`)
  const board = query.data
  const back = { to: to('/arbeit/vergabe'), label: t('work.back') }
  return (
    <Page title={board ? board.facility_name : t('board.title')} lead={board?.round_name} back={back} width="full">
      {query.error && !board && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton blocks={2} lines={4} />}
      {/* A new state of the round begins a new order; typed reasons are of the old one. */}
      {board && <Board key={`${board.step?.number ?? 0}/${board.version}`} board={board} onDone={(message) => offer(message)} />}
      {bar}
    </Page>
  )
}
