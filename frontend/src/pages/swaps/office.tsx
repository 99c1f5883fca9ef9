import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { OfficeSwap, OfficeSwapPart, SwapCandidate, SwapCandidates } from '../../api/swap-types'
import type { Items } from '../../api/types'
import { addMonths, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, AskedButton, Badge, Button, Card, EmptyState, ErrorState, Page, Section, Select, Skeleton, Table } from '../../ui'
import { useFormat, useUndo } from '../../staff'
import { SwapTold } from '../told'
import { useMayWrite } from '../office/rights'
import { SWAP_LOOK } from './part'

function Candidate({ found, onDone }: { found: SwapCandidate; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('swaps')
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const { key, renew } = useIdempotencyKey()
  const [day, setDay] = useState(found.earliest_day)
  const days = Array.from({ length: 9 }, (_, n) => addMonths(found.earliest_day, n))
  const propose = useSend(() => api.post('/office/swaps', { key: found.key, swap_on: day }, { idempotencyKey: key() }))
  const run = async () => {
    const answer = await propose.run()
    if (!answer?.ok) return false
    onDone()
    await refresh('/office/swaps')
    return true
  }
  const name = found.moves.map((move) => words.childLabel(move.child)).join(', ')
  return (
    <Card as="li" level={3} title={t('office.of', { size: found.moves.length, children: name })}>
      <ul className="kern-body kp-list">
        {found.moves.map((move) => <li key={move.child_id}>{t('office.move', { child: words.childLabel(move.child), from: move.from_facility, to: move.to_facility, rank: move.rank })}</li>)}
      </ul>
      {mayWrite && (
        <>
          <div className="kp-row kp-row--fields">
            <Select label={t('on')} value={day} onChange={(value) => { renew(); setDay(value) }} options={days.map((value) => ({ value, label: format.date(value) }))} />
            <AskedButton kind="primary" danger={false} icon="mail" label={t('office.propose')} aria-label={t('office.proposeFor', { children: name })} title={t('office.proposeTitle', { children: name })} problem={propose.error} onRun={run}>{t('office.proposeText', { count: found.moves.length, date: format.date(day) })}</AskedButton>
          </div>
        </>
      )}
    </Card>
  )
}

function Candidates(): JSX.Element {
  const { t } = useTranslation('swaps')
  const [done, setDone] = useState(false)
  const query = useGet<SwapCandidates>('/office/swaps/candidates')
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton blocks={2} lines={3} />
  return (
    <>
      {done && <Alert tone="success" live title={t('office.proposed')}><p className="kern-body">{t('office.proposedText')}</p></Alert>}
      {query.data.items.length === 0
        ? <EmptyState title={t('office.none')}>{t('office.noneText', { count: query.data.wishers })}</EmptyState>
        : <p className="kern-body">{t('office.found', { count: query.data.total, wishers: query.data.wishers })}</p>}
      <ul className="kp-plain-list kp-stack">
        {query.data.items.map((found) => <Candidate key={found.key} found={found} onDone={() => setDone(true)} />)}
      </ul>
    </>
  )
}

function Proposed(): JSX.Element {
  const { t } = useTranslation('swaps')
  const words = useWords()
  const format = useFormat()
  const { t: enter } = useTranslation('told')
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const { offer: say, bar } = useUndo()
  const [told, setTold] = useState<{ swap: OfficeSwap; part: OfficeSwapPart } | null>(null)
  const query = useGet<Items<OfficeSwap>>('/office/swaps')
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={4} />
  if (query.data.items.length === 0) return <p className="kern-body">{t('office.noneProposed')}</p>
  const said = (answer: boolean | null) => t(answer === null ? 'answer.missing' : answer ? 'answer.yes' : 'answer.no')
  const asked = (swap: OfficeSwap, row: OfficeSwapPart) => mayWrite && swap.state === 'open' && row.family_answer === null && !row.has_account && (swap.deadline_on >= today() || row.letter_until !== null)
  return (
    <>
      <ul className="kp-plain-list kp-stack">
        {query.data.items.map((swap) => (
          <Card as="li" level={3} key={swap.id} title={<span className="kp-row kp-row--between"><span>{t('office.swapOn', { date: format.date(swap.swap_on) })}</span><Badge {...SWAP_LOOK[swap.state]}>{t(`state.${swap.state}`)}</Badge></span>}>
            {swap.state === 'open' && <p className="kern-body">{t('office.until', { date: format.date(swap.deadline_on) })}</p>}
            <Table cards
              caption={t('office.swapOn', { date: format.date(swap.swap_on) })}
              hideCaption
              rows={swap.parts}
              rowKey={(row) => row.child_id}
              columns={[
                { id: 'child', header: t('office.child'), rowHeader: true, cell: (row) => words.childLabel(row.child) },
                { id: 'from', header: t('from'), cell: (row) => row.from_facility },
                { id: 'to', header: t('to'), cell: (row) => row.to_facility },
                { id: 'family', header: t('office.family'), cell: (row) => (asked(swap, row) ? <Button small kind="tertiary" onClick={() => setTold({ swap, part: row })} aria-label={enter('actFor', { child: words.childLabel(row.child) })}>{enter('act')}</Button> : said(row.family_answer)) },
                { id: 'site', header: t('office.site'), cell: (row) => said(row.site_answer) },
              ]}
            />
          </Card>
        ))}
      </ul>
      {told && <SwapTold part={told.part} until={told.swap.deadline_on} onClose={() => setTold(null)} onDone={(message) => { setTold(null); say(message); void refresh('/office/swaps') }} />}
      {bar}
    </>
  )
}

/** Children who could change places with each other, and what became of proposals. */
export function OfficeSwapsPage(): JSX.Element {
  const { t } = useTranslation('swaps')
  return (
    <Page title={t('title')} lead={t('office.lead')} width="full">
      <Section title={t('office.possible')}><Candidates /></Section>
      <Section title={t('office.running')}><Proposed /></Section>
    </Page>
  )
}
