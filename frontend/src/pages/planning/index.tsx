import { lazy, Suspense, useMemo, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { AreaPlan, PlanMonth, Planning } from '../../api/planning-types'
import { useGet } from '../../api/hooks'
import type { AgeBand } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Badge, Button, EmptyState, ErrorState, Fieldset, Link, Page, Section, Select, Skeleton, TextField } from '../../ui'
import { useAddress, useFormat } from '../../staff'
import { useMayWrite } from '../office/rights'
import { CsvButton } from '../office/rounds/csv-button'
import { shade } from '../office/rounds/unserved'
import '../office/rounds/rounds.css'
import { PlanChart } from './chart'
import type { Spot } from './area-map'
import { apply, coverage, gap, monthsOf, readScenario, writeScenario, type Change, type Scenario } from './scenario'
import './planning.css'

const AreaMap = lazy(() => import('./area-map'))
const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']
const BIRTHS = ['80', '90', '95', '100', '105', '110', '120']
type Row = { area: AreaPlan; month: PlanMonth }

function useNames() {
  const { t } = useTranslation('planning')
  return (area: string) => area || t('noArea')
}

/** What would be if: changes are added one by one, stand in the address, and change nothing real. */
function ScenarioForm({ areas, months, scenario, onChange }: { areas: AreaPlan[]; months: string[]; scenario: Scenario; onChange: (next: Scenario) => void }): JSX.Element {
  const { t } = useTranslation('planning')
  const words = useWords()
  const format = useFormat()
  const names = useNames()
  const [area, setArea] = useState((areas.find((one) => one.area) ?? areas[0])?.area ?? '')
  const [band, setBand] = useState<AgeBand>('under3')
  const [from, setFrom] = useState(months[6] ?? months[0] ?? '')
  const [places, setPlaces] = useState('')
  const [tried, setTried] = useState(false)
  const count = /^[+-]?\d{1,4}$/.test(places.trim().replace('−', '-')) ? Number(places.trim().replace('−', '-')) : 0
  const add = () => {
    setTried(true)
    if (count === 0) return
    onChange({ ...scenario, changes: [...scenario.changes, { area, band, from, places: count }] })
    setPlaces('')
    setTried(false)
  }
  const say = (change: Change) => t('scenario.change', { places: change.places > 0 ? `+${change.places}` : `−${-change.places}`, band: words.ageBand(change.band), area: names(change.area), month: format.month(change.from) })
  return (
    <div className="kp-panel kp-stack kp-stack--small">
      <p className="kern-body">{t('scenario.text')}</p>
      <div className="kp-page--text"><Select id="births" label={t('scenario.births')} hint={t('scenario.birthsHint')} value={String(scenario.births)} onChange={(value) => onChange({ ...scenario, births: Number(value) })} options={BIRTHS.map((value) => ({ value, label: t('scenario.percent', { count: Number(value) }) }))} /></div>
      <form noValidate onSubmit={(event) => { event.preventDefault(); add() }}>
        <Fieldset id="change" label={t('scenario.add')}>
          <div className="kp-form__pair">
            <Select id="s-area" label={t('area')} value={area} onChange={setArea} options={areas.map((one) => ({ value: one.area, label: names(one.area) }))} />
            <Select id="s-band" label={t('band')} value={band} onChange={setBand} options={BANDS.map((value) => ({ value, label: words.ageBand(value) }))} />
          </div>
          <div className="kp-form__pair">
            <Select id="s-from" label={t('scenario.from')} value={from} onChange={setFrom} options={months.map((value) => ({ value, label: format.month(value) }))} />
            <TextField id="s-places" label={t('scenario.places')} hint={t('scenario.placesHint')} width="sm" value={places} onChange={setPlaces} error={tried && count === 0 ? t('scenario.needPlaces') : null} />
          </div>
          <div className="kp-actions"><Button small type="submit" kind="secondary" icon="add">{t('scenario.submit')}</Button></div>
        </Fieldset>
      </form>
      {scenario.changes.length > 0 && (
        <ul className="kp-plain-list kp-stack kp-stack--small" aria-label={t('scenario.list')}>
          {scenario.changes.map((change, n) => (
            <li key={n} className="kp-row kp-row--between"><span className="kern-body">{say(change)}</span><Button small kind="tertiary" onClick={() => onChange({ ...scenario, changes: scenario.changes.filter((_, at) => at !== n) })} aria-label={t('scenario.removeOf', { change: say(change) })}>{t('scenario.remove')}</Button></li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Every planning area in a month: places, children, coverage, and what lacks. */
function Areas({ rows, before, month }: { rows: Row[]; before: Map<string, PlanMonth>; month: string }): JSX.Element {
  const { t } = useTranslation('planning')
  const format = useFormat()
  const names = useNames()
  const number = (value: number | null) => (value === null ? '–' : format.number(value))
  const percent = (value: number | null) => (value === null ? '–' : `${format.number(value)} %`)
  const heads = ['places', 'taken', 'free', 'waiting', 'children', 'coverage', 'needed'] as const
  const value = ({ month: at }: Row, head: (typeof heads)[number]) => (head === 'coverage' ? percent(coverage(at)) : number(at[head]))
  const delta = (row: Row) => row.month.places - (before.get(row.area.area)?.places ?? 0)
  return (
    <>
      <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('areas.title')}>
        <table className="kp-dense">
          <caption className="kern-sr-only">{t('areas.caption', { month: format.month(month) })}</caption>
          <thead><tr><th scope="col">{t('area')}</th>{heads.map((head) => <th key={head} scope="col" className="is-numeric">{t(`col.${head}`)}</th>)}<th scope="col">{t('col.gap')}</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.area.area}>
                <th scope="row">{names(row.area.area)}</th>
                {heads.map((head) => <td key={head} data-label={t(`col.${head}`)} className="is-numeric">{value(row, head)}{head === 'places' && delta(row) !== 0 && <span className="kp-small kp-muted"> {t('scenario.delta', { places: delta(row) > 0 ? `+${delta(row)}` : `−${-delta(row)}` })}</span>}</td>)}
                <td data-label={t('col.gap')}>{gap(row.month) > 0 ? <Badge tone="warning" icon="warning">{t('gap.lack', { count: gap(row.month) })}</Badge> : <Badge tone="success" icon="check">{gap(row.month) < 0 ? t('gap.over', { count: -gap(row.month) }) : t('gap.even')}</Badge>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name={`planung-${month.slice(0, 7)}`} what={t('areas.title')} rows={[[t('area'), ...heads.map((head) => t(`col.${head}`)), t('col.gap')], ...rows.map((row) => [names(row.area.area), ...heads.map((head) => (head === 'coverage' ? coverage(row.month) : row.month[head])), gap(row.month)])]} />
    </>
  )
}

/** Where and when places lack: areas down, every third month across, the number in every cell. */
function Heat({ areas, band }: { areas: AreaPlan[]; band: AgeBand }): JSX.Element {
  const { t } = useTranslation('planning')
  const format = useFormat()
  const names = useNames()
  const rows = areas.map((area) => ({ area, cells: monthsOf([area], band, null).filter((_, n) => n % 3 === 0) }))
  const heads = rows[0]?.cells.map((cell) => cell.month) ?? []
  const top = Math.max(0, ...rows.flatMap((row) => row.cells.map(gap)))
  return (
    <>
      <p className="kern-body">{t('heat.text')}</p>
      <div className="kp-dense-box kp-scroll" role="region" tabIndex={0} aria-label={t('heat.title')}>
        <table className="kp-heat">
          <caption className="kern-sr-only">{t('heat.title')}</caption>
          <thead><tr><th scope="col">{t('area')}</th>{heads.map((iso) => <th key={iso} scope="col" className="is-numeric">{format.month(iso)}</th>)}</tr></thead>
          <tbody>{rows.map((row) => <tr key={row.area.area}><th scope="row">{names(row.area.area)}</th>{row.cells.map((cell) => <td key={cell.month} className={`is-numeric kp-heat__cell kp-heat__cell--${shade(Math.max(0, gap(cell)), top)}`}>{gap(cell) > 0 ? format.number(gap(cell)) : '–'}</td>)}</tr>)}</tbody>
        </table>
      </div>
      <CsvButton name="fehlende-plaetze" what={t('heat.title')} rows={[[t('area'), ...heads.map((iso) => iso.slice(0, 7))], ...rows.map((row) => [names(row.area.area), ...row.cells.map(gap)])]} />
    </>
  )
}

/** The planning cockpit: places against children by age, month and planning area, and what would be if. */
export function PlanningPage(): JSX.Element {
  const { t } = useTranslation('planning')
  const words = useWords()
  const format = useFormat()
  const names = useNames()
  const to = useTo()
  const mayWrite = useMayWrite()
  const { values, set } = useAddress()
  const scenario = useMemo(() => readScenario(values['szenario'] ?? ''), [values])
  const query = useGet<Planning>('/office/planning', { births_percent: scenario.births === 100 ? undefined : String(scenario.births) })
  const band = BANDS.find((one) => one === values['alter']) ?? 'under3'
  const now = query.data?.areas
  const then = useMemo(() => apply(now ?? [], scenario), [now, scenario])
  const months = then[0]?.bands[0]?.months.map((month) => month.month) ?? []
  const month = months.includes(values['monat'] ?? '') ? values['monat'] ?? '' : months[6] ?? ''
  const area = then.some((one) => one.area === values['raum']) ? values['raum'] ?? null : null
  const at = (areas: AreaPlan[]): Row[] => areas.flatMap((one) => { const found = monthsOf([one], band, null).find((m) => m.month === month); return found ? [{ area: one, month: found }] : [] })
  const rows = at(then).sort((a, b) => gap(b.month) - gap(a.month) || a.area.area.localeCompare(b.area.area))
  const before = new Map(at(now ?? []).map((row) => [row.area.area, row.month]))
  const text = (row: Row) => t('map.one', { area: names(row.area.area), places: row.month.places, gap: gap(row.month) > 0 ? t('gap.lack', { count: gap(row.month) }) : t('gap.over', { count: -gap(row.month) }) })
  const spotKey = JSON.stringify(rows.map((row) => [row.area.area, gap(row.month), row.month.places]))
  // The map is drawn anew only when a number on it changes.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const spots = useMemo<Spot[]>(() => rows.flatMap((row) => (row.area.area && row.area.latitude !== null && row.area.longitude !== null ? [{ name: names(row.area.area), latitude: row.area.latitude, longitude: row.area.longitude, gap: gap(row.month), text: text(row) }] : [])), [spotKey])
  const known = then.some((one) => one.bands.some((b) => b.months.some((m) => m.children !== null)))
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {now?.length === 0 && <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>}
      {now && now.length > 0 && (
        <>
          {!known && <Alert tone="info" title={t('basis.missing')}><p className="kern-body">{t('basis.missingText')} {mayWrite && <Link to={to('/amt/planung/grundlagen')}>{t('basis.title')}</Link>}</p></Alert>}
          {known && mayWrite && <p className="kern-body"><Link to={to('/amt/planung/grundlagen')}>{t('basis.title')}</Link></p>}
          <div className="kp-form__pair kp-page--text">
            <Select id="band" label={t('band')} value={band} onChange={(value) => set({ alter: value })} options={BANDS.map((value) => ({ value, label: words.ageBand(value) }))} />
            <Select id="area" label={t('area')} value={area ?? 'alle'} onChange={(value) => set({ raum: value === 'alle' ? null : value })} options={[{ value: 'alle', label: t('allAreas') }, ...then.map((one) => ({ value: one.area, label: names(one.area) }))]} />
          </div>
          <Section title={t('chart.title', { name: area === null ? t('allAreas') : names(area) })}><PlanChart name={words.ageBand(band)} months={monthsOf(then, band, area)} /></Section>
          <Section title={t('scenario.title')}><ScenarioForm areas={then} months={months} scenario={scenario} onChange={(next) => set({ szenario: writeScenario(next) })} /></Section>
          <Section title={t('areas.title')} id="planungsraeume">
            <div className="kp-page--text"><Select id="month" label={t('month')} value={month} onChange={(value) => set({ monat: value })} options={months.map((value) => ({ value, label: format.month(value) }))} /></div>
            <Areas rows={rows} before={before} month={month} />
          </Section>
          <Section title={t('heat.title')}><Heat areas={then} band={band} /></Section>
          <Section title={t('map.title')}>
            <p className="kern-body">{t('map.text')} <a className="kern-link" href="#planungsraeume">{t('map.table')}</a></p>
            <Suspense fallback={<Skeleton lines={8} />}><AreaMap spots={spots} /></Suspense>
          </Section>
          <p className="kp-small kp-muted">{t('how')}</p>
        </>
      )}
    </Page>
  )
}
