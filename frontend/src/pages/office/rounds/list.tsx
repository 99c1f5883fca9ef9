import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Deviation, Round, RoundSummary } from '../../../api/round-types'
import { useGet, useList } from '../../../api/hooks'
import type { Items } from '../../../api/types'
import { useSession } from '../../../app/session'
import { useTo } from '../../../app/tenant'
import { today } from '../../../lib/dates'
import { ButtonLink, Page } from '../../../ui'
import { DataTable, useFormat, type Col } from '../../../staff'
import { useMayWrite } from '../rights'
import { nextOf } from './steps'
import { RoundBadge } from './words'

const useRound = (row: RoundSummary, enabled = true) => useGet<Round>(`/rounds/${row.id}`, undefined, { enabled, staleTime: 30_000 })

/** The figures of a list come with the round itself; a municipality has a few rounds a year. */
function Figure({ row, of }: { row: RoundSummary; of: 'children' | 'placed' }): JSX.Element {
  const format = useFormat()
  const figures = useRound(row).data?.run?.figures
  return <>{figures ? format.number(figures[of]) : '–'}</>
}

function NextCell({ row }: { row: RoundSummary }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { session } = useSession()
  const round = useRound(row).data
  const deviations = useGet<Items<Deviation>>(`/rounds/${row.id}/deviations`, undefined, { enabled: row.state === 'in_review', staleTime: 30_000 })
  if (!round) return <>…</>
  const next = nextOf(round, { me: session.account?.id ?? null, today: today(), deviations: deviations.data?.items ?? [] })
  return <>{t(`next.${next}.short`)}</>
}

/** All rounds of the municipality, the newest first, each with what moves it on. */
export function RoundsPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: common } = useTranslation()
  const to = useTo()
  const navigate = useNavigate()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const list = useList<RoundSummary>('/rounds')
  const columns: Col<RoundSummary>[] = [
    { id: 'name', header: t('col.name'), fixed: true, text: (row) => row.name, cell: (row) => row.name },
    { id: 'state', header: t('col.state'), text: (row) => common(`roundState.${row.state}`), cell: (row) => <RoundBadge state={row.state} /> },
    { id: 'next', header: t('col.next'), cell: (row) => <NextCell row={row} /> },
    { id: 'key', header: t('col.keyDate'), text: (row) => row.key_date, cell: (row) => <span className="kp-num">{format.date(row.key_date)}</span> },
    { id: 'start', header: t('col.startOn'), text: (row) => row.start_on, cell: (row) => <span className="kp-num">{format.date(row.start_on)}</span> },
    { id: 'children', header: t('col.children'), numeric: true, cell: (row) => <Figure row={row} of="children" /> },
    { id: 'placed', header: t('col.placed'), numeric: true, cell: (row) => <Figure row={row} of="placed" /> },
    { id: 'released', header: t('col.released'), text: (row) => row.released_at?.slice(0, 10) ?? null, cell: (row) => <span className="kp-num">{format.date(row.released_at) || '–'}</span> },
  ]
  const add = mayWrite && <ButtonLink small icon="add" to={to('/amt/vergabe/neu')}>{t('list.add')}</ButtonLink>
  return (
    <Page title={t('title')} lead={t('list.lead')} width="full">
      {list.items.length > 0 && add && <div>{add}</div>}
      <DataTable
        name="vergaberunden"
        caption={t('title')}
        columns={columns}
        list={list}
        rowKey={(row) => row.id}
        rowTitle={(row) => row.name}
        onOpen={(row) => void navigate(to(`/amt/vergabe/${row.id}`))}
        empty={{ title: t('list.empty'), text: t('list.emptyText'), action: add }}
      />
    </Page>
  )
}
