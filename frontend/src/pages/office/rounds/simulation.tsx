import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../../api/context'
import { useGet, useSend } from '../../../api/hooks'
import type { Round, Simulation } from '../../../api/round-types'
import type { AgeBand, CriteriaSet, Items } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Alert, Button, Checkbox, EmptyState, ErrorState, Page, ProblemView, Section, Skeleton } from '../../../ui'
import { useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { CsvButton } from './csv-button'
import { chanceRows, columnsOf, difference, groupRows, type Column } from './simulation-rows'
import { useCriterionTitle } from '../../criteria/words'
import './rounds.css'

const MOST = 4
/** So many other draws tell the chances of a single run. */
const FULL = 1000

type Row = { id: string; name: string; values: (number | null)[]; plain?: boolean }

/** One table: a row a figure, a column a set; beside each number the change against the frozen order. */
function Compared({ title, head, columns, rows, file }: { title: string; head: string; columns: Column[]; rows: Row[]; file: string }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format.number(value))
  return (
    <>
      <div className="kp-dense-box kp-scroll" role="region" tabIndex={0} aria-label={title}>
        <table className="kp-compare">
          <caption className="kern-sr-only">{title}</caption>
          <thead><tr><th scope="col">{head}</th>{columns.map((one) => <th key={one.id} scope="col" className="is-numeric">{one.name}</th>)}</tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.name}</th>
                {columns.map((one, index) => {
                  const change = index === 0 || row.plain ? null : difference(row.values[index], row.values[0])
                  return (
                    <td key={one.id} className="is-numeric">
                      {shown(row.values[index])}
                      {change !== null && change !== 0 && <span className="kp-compare__change">{t('sim.change', { change: `${change > 0 ? '+' : '−'}${format.number(Math.abs(change))}` })}</span>}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name={file} what={title} rows={[[head, ...columns.map((one) => one.name)], ...rows.map((row) => [row.name, ...row.values])]} />
    </>
  )
}

function Result({ found }: { found: Simulation }): JSX.Element {
  const { t } = useTranslation('rounds')
  const words = useWords()
  const criterion = useCriterionTitle()
  const format = useFormat()
  const draws = Math.min(...[found.frozen, ...found.items].map((one) => one.chances.draws))
  const columns = columnsOf(found, { frozen: t('sim.frozen'), draft: t('sim.draft') })
  const of = (pick: (column: Column) => number | null) => columns.map(pick)
  const ranks = Math.max(...columns.map((one) => one.report.rank_histogram.length))
  const bands: AgeBand[] = ['under3', 'over3', 'school_age']
  const figures: Row[] = [
    { id: 'children', name: t('figure.children'), values: of((one) => one.report.figures.children) },
    { id: 'placed', name: t('figure.placed'), values: of((one) => one.report.figures.placed) },
    { id: 'unplaced', name: t('figure.unplaced'), values: of((one) => one.report.figures.unplaced) },
    ...Array.from({ length: ranks }, (_, index) => ({ id: `rank${index}`, name: t('picture.wish', { rank: index + 1 }), values: of((one) => one.report.rank_histogram[index] ?? 0) })),
    ...bands.map((band) => ({ id: band, name: t('sim.claims', { band: words.ageBand(band) }), values: of((one) => one.report.unserved_claims[band] ?? 0) })),
    { id: 'together', name: t('figure.together'), values: of((one) => one.report.siblings.together) },
    { id: 'split', name: t('sim.split'), values: of((one) => one.report.siblings.split) },
    { id: 'lottery', name: t('figure.lottery'), values: of((one) => one.report.lottery_decided) },
    { id: 'always', name: t('chance.always'), values: of((one) => one.chances.always) },
    { id: 'sometimes', name: t('chance.sometimes'), values: of((one) => one.chances.sometimes) },
    { id: 'never', name: t('chance.never'), values: of((one) => one.chances.never) },
    { id: 'envy', name: t('figure.justified_envy'), values: of((one) => one.report.figures.justified_envy) },
    { id: 'wasted', name: t('figure.wasted_seats'), values: of((one) => one.report.figures.wasted_seats) },
    { id: 'exceptions', name: t('figure.exceptions'), values: of((one) => one.report.figures.exceptions) },
    { id: 'habitPlaced', name: t('sim.habitPlaced'), values: of((one) => one.report.first_preference_first.placed) },
    { id: 'habitEnvy', name: t('sim.habitEnvy'), values: of((one) => one.report.first_preference_first.justified_envy) },
  ]
  const moves = (['gained', 'lost', 'better', 'worse', 'same'] as const).map((name): Row => ({ id: name, name: t(`sim.${name}`), plain: true, values: of((one) => one.against?.[name] ?? null) }))
  const districts = groupRows(columns, (one) => one.report.by_district.map((group) => [group.name, group.placed]))
  const providers = groupRows(columns, (one) => one.report.by_provider.map((group) => [group.name, group.placed]))
  const criteria = groupRows(columns, (one) => one.report.by_criterion.map((group) => [group.code, group.placed]))
  return (
    <>
      <Section title={t('sim.figures')}><Compared title={t('sim.figures')} head={t('compare.figure')} columns={columns} rows={figures} file="simulation" /></Section>
      <Section title={t('sim.moves')}><p className="kern-body">{t('sim.movesText')}</p><Compared title={t('sim.moves')} head={t('figure.children')} columns={columns} rows={moves} file="simulation-wechsel" /></Section>
      <Section title={t('sim.chances')}>
        <p className="kern-body">{t('sim.chancesText', { draws: format.number(draws) })} {draws < FULL && t('sim.fewerDraws', { full: format.number(FULL) })}</p>
        <Compared title={t('sim.chances')} head={t('sim.wish')} columns={columns} rows={chanceRows(columns).map((row) => ({ id: String(row.wish), name: t('sim.percentOf', { rank: row.wish }), values: row.values }))} file="simulation-aussichten" />
      </Section>
      <Section title={t('sim.criteria')}><Compared title={t('sim.criteria')} head={t('case.criterion')} columns={columns} rows={criteria.map((row) => ({ ...row, name: row.id ? criterion(row.id) : t('criterionGroup.none') }))} file="simulation-kriterien" /></Section>
      <div className="kp-columns kp-columns--even">
        <Section title={t('sim.districts')}><Compared title={t('sim.districts')} head={t('group.district')} columns={columns} rows={districts.map((row) => ({ ...row, name: row.id || t('group.unknownDistrict') }))} file="simulation-stadtteile" /></Section>
        <Section title={t('sim.providers')}><Compared title={t('sim.providers')} head={t('group.provider')} columns={columns} rows={providers.map((row) => ({ ...row, name: row.id || t('group.unknownProvider') }))} file="simulation-traeger" /></Section>
      </div>
    </>
  )
}

function Choice({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  const sets = useGet<Items<CriteriaSet>>('/admin/criteria-sets')
  const [chosen, setChosen] = useState<string[]>([])
  const [need, setNeed] = useState(false)
  const send = useSend(() => api.post<Simulation>(`/rounds/${round.id}/simulations`, { criteria_set_ids: chosen }))
  const [found, setFound] = useState<Simulation | null>(null)
  if (sets.error) return <ErrorState problem={sets.error} onRetry={() => void sets.refetch()} />
  if (!sets.data) return <Skeleton lines={5} />
  const offered = sets.data.items.filter((set) => set.phase !== 'withdrawn')
  if (offered.length === 0) return <EmptyState title={t('sim.noSets')}><p>{t('sim.noSetsText')}</p></EmptyState>
  const label = (set: CriteriaSet) => `${set.provider_name ? `${set.provider_name}: ` : ''}${set.name} ${set.number} (${t(`sim.phase.${set.phase as 'draft'}`)})`
  const toggle = (id: string, on: boolean) => { setNeed(false); setChosen((old) => (on ? [...old, id] : old.filter((one) => one !== id))) }
  const run = async () => {
    if (chosen.length === 0) { setNeed(true); return }
    const answer = await send.run()
    if (answer?.ok) setFound(answer.value)
  }
  return (
    <>
      <fieldset className="kern-fieldset kp-sim__choice">
        <legend className="kern-label">{t('sim.choose', { count: MOST })}</legend>
        {offered.map((set) => <Checkbox key={set.id} label={label(set)} checked={chosen.includes(set.id)} disabled={!chosen.includes(set.id) && chosen.length >= MOST} onChange={(on) => toggle(set.id, on)} />)}
      </fieldset>
      {offered.length === 1 && <p className="kp-small kp-muted">{t('sim.onlyOne')}</p>}
      {need && <Alert tone="danger" title={t('sim.need')} />}
      <ProblemView problem={send.error} />
      <div className="kp-actions"><Button busy={send.busy} onClick={() => void run()}>{t('sim.run')}</Button></div>
      <p role="status" className={send.busy ? 'kern-body' : 'kern-sr-only'}>{send.busy ? t('sim.busy') : found ? t('sim.ready') : ''}</p>
      {found && !send.busy && <Result found={found} />}
    </>
  )
}

/** The same frozen demands by several sets of criteria, side by side; nothing is stored. */
export function SimulationPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { round: id = '' } = useParams()
  const to = useTo()
  const mayWrite = useMayWrite()
  const query = useGet<Round>(`/rounds/${id}`)
  const round = query.data
  return (
    <Page title={t('sim.title')} lead={t('sim.lead')} back={{ to: to(`/amt/vergabe/${id}`), label: round?.name ?? t('round') }} width="full">
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {!round && !query.error && <Skeleton blocks={2} lines={4} />}
      {round && (mayWrite ? round.frozen_at ? <Choice round={round} /> : <EmptyState title={t('sim.notFrozen')}><p>{t('sim.notFrozenText')}</p></EmptyState> : <p className="kern-body">{t('readOnly')}</p>)}
    </Page>
  )
}
