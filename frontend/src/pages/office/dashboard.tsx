import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficeDashboard } from '../../api/dashboard-types'
import { useGet } from '../../api/hooks'
import type { AgeBand } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { ErrorState, Icon, Link, Section, Skeleton, Table } from '../../ui'
import { FilterBar, useAddress, useFormat, type Filter } from '../../staff'

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']
/** Stands in the address for children whose first wish lies in no known district. */
const NO_DISTRICT = '-'
type Cohort = OfficeDashboard['full_day_claim'][number]
type Line = { id: string; label: string; count: number; to: string }

function Counted({ title, head, lines }: { title: string; head: string; lines: Line[] }): JSX.Element {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const top = Math.max(1, ...lines.map((line) => line.count))
  return (
    <div className="kp-dense-box" role="region" tabIndex={0} aria-label={title}>
      <table className="kp-dense kp-counted">
        <caption>{title}</caption>
        <thead><tr><th scope="col">{head}</th><th scope="col" className="is-numeric">{t('children')}</th></tr></thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <th scope="row" data-label={head}>{line.label}</th>
              <td className="is-numeric" data-label={t('children')}>
                <Link to={line.to} aria-label={t('openList', { label: line.label, count: line.count })}>{format.number(line.count)}</Link>
                <span className="kp-counted__bar" aria-hidden="true" style={{ inlineSize: `${(line.count / top) * 4}rem` }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Children without a place by age, month and district; what is chosen in one narrows the others, and each number opens its list. */
function Unserved({ all, shown }: { all: OfficeDashboard; shown: OfficeDashboard }): JSX.Element {
  const { t } = useTranslation('dashboard')
  const words = useWords()
  const format = useFormat()
  const to = useTo()
  const { values } = useAddress()
  const district = (name: string | null) => name ?? t('noDistrict')
  const months = new Map(all.unserved.by_month.map((row) => [row.month, row.until]))
  const chosenMonth = values['month']
  const list = (more: Record<string, string | null | undefined>) => {
    const filters = { view: 'without_place', age_band: values['age_band'], district: values['district'], start_from: chosenMonth, start_to: chosenMonth ? months.get(chosenMonth) : undefined, ...more }
    const query = new URLSearchParams(Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : [])))
    return `${to('/amt/bedarfe')}?${query.toString()}`
  }
  const filters: Filter[] = [
    { name: 'age_band', label: t('age'), kind: 'one', options: BANDS.map((value) => ({ value, label: words.ageBand(value) })) },
    { name: 'month', label: t('month'), kind: 'one', options: all.unserved.by_month.map((row) => ({ value: row.month, label: format.month(row.month) })) },
    { name: 'district', label: t('district'), kind: 'one', options: all.unserved.by_district.map((row) => ({ value: row.district ?? NO_DISTRICT, label: district(row.district) })) },
  ]
  const { by_age, by_month, by_district, total } = shown.unserved
  return (
    <Section title={t('unserved')}>
      <p className="kern-body">{t('unservedText')} <Link to={list({})}>{t('openAll', { count: total })}</Link></p>
      <FilterBar name="lage" filters={filters} />
      {total === 0
        ? <p className="kern-body">{t('nobody')}</p>
        : (
          <div className="kp-thirds">
            <Counted title={t('byAge')} head={t('age')} lines={by_age.map((row) => ({ id: row.age_band, label: words.ageBand(row.age_band), count: row.count, to: list({ age_band: row.age_band }) }))} />
            <Counted title={t('byMonth')} head={t('month')} lines={by_month.map((row) => ({ id: row.month, label: format.month(row.month), count: row.count, to: list({ start_from: row.month, start_to: row.until }) }))} />
            <Counted title={t('byDistrict')} head={t('district')} lines={by_district.map((row) => ({ id: row.district ?? NO_DISTRICT, label: district(row.district), count: row.count, to: list({ district: row.district ?? NO_DISTRICT }) }))} />
          </div>
        )}
    </Section>
  )
}

function Figures({ items }: { items: { id: string; label: string; value: number; to?: string; alarm?: boolean }[] }): JSX.Element {
  const format = useFormat()
  return (
    <ul className="kp-figures">
      {items.map((item) => {
        const inner = (
          <>
            <span className="kp-figure__value">{format.number(item.value)}{item.alarm && item.value > 0 && <span className="kp-tone-warning"><Icon name="warning" size={22} /></span>}</span>
            <span className="kp-figure__label">{item.label}</span>
          </>
        )
        return <li key={item.id}>{item.to ? <Link className="kp-figure" to={item.to}>{inner}</Link> : <div className="kp-figure">{inner}</div>}</li>
      })}
    </ul>
  )
}

/** The claim to full-day care at primary school, by year of entry; each number opens its list. */
function FullDay({ rows }: { rows: Cohort[] }): JSX.Element | null {
  const { t } = useTranslation('dashboard')
  const format = useFormat()
  const to = useTo()
  if (rows.length === 0) return null
  const count = (row: Cohort, name: 'children' | 'waiting' | 'placed', label: string, more: string) => (
    <Link to={`${to('/amt/bedarfe')}?entry_year=${row.entry_year}${more}`} aria-label={t('openList', { label: `${row.entry_year}, ${label}`, count: row[name] })}>{format.number(row[name])}</Link>
  )
  return (
    <Section title={t('fullDay.title')}>
      <p className="kern-body">{t('fullDay.text')}</p>
      <Table
        caption={t('fullDay.title')}
        hideCaption
        rows={rows}
        rowKey={(row) => String(row.entry_year)}
        columns={[
          { id: 'year', header: t('fullDay.year'), rowHeader: true, cell: (row) => row.entry_year },
          { id: 'children', header: t('children'), numeric: true, cell: (row) => count(row, 'children', t('children'), '') },
          { id: 'waiting', header: t('fullDay.waiting'), numeric: true, cell: (row) => count(row, 'waiting', t('fullDay.waiting'), '&view=without_place&care_type=after_school') },
          { id: 'placed', header: t('fullDay.placed'), numeric: true, cell: (row) => count(row, 'placed', t('fullDay.placed'), '&school_place=true') },
        ]}
      />
    </Section>
  )
}

/** What is due, who waits, and what goes another way than the usual one; each figure opens its list. */
export function Dashboard(): JSX.Element {
  const { t } = useTranslation('dashboard')
  const to = useTo()
  const { values } = useAddress()
  const all = useGet<OfficeDashboard>('/office/dashboard')
  const narrow = { age_band: values['age_band'], month: values['month'], district: values['district'] }
  const shown = useGet<OfficeDashboard>('/office/dashboard', narrow)
  if (all.error ?? shown.error) return <ErrorState problem={(all.error ?? shown.error)!} onRetry={() => { void all.refetch(); void shown.refetch() }} />
  if (!all.data) return <Skeleton blocks={2} lines={4} />
  const data = all.data
  const claims = (from: string | null, until: string | null) => `${to('/amt/bedarfe')}?view=legal_claim&sort=legal_due&direction=asc${from ? `&due_from=${from}` : ''}${until ? `&due_to=${until}` : ''}`
  const notices = (state: string) => `${to('/amt/bescheide')}?state=${state}`
  const { exceptions } = data
  return (
    <>
      <Section title={t('claims')}>
        <p className="kern-body">{t('clock', { count: data.notice_period_months })}</p>
        <Figures items={data.claims.map((claim) => ({ id: claim.code, label: t(`claim.${claim.code}`), value: claim.count, to: claims(claim.due_from, claim.due_to), alarm: claim.code === 'overdue' }))} />
      </Section>
      <Unserved all={data} shown={shown.data ?? data} />
      <FullDay rows={data.full_day_claim} />
      <Section title={t('exceptions')}>
        <Figures
          items={[
            { id: 'mismatch', label: t('exception.mismatch'), value: exceptions.register_mismatches, to: `${to('/amt/bedarfe')}?state=submitted,confirmed,in_allocation,offer_pending&mismatch=true` },
            { id: 'approve', label: t('exception.approve'), value: exceptions.notices_to_approve, to: notices('drafted') },
            { id: 'post', label: t('exception.post'), value: exceptions.notices_to_post, to: notices('approved') },
            { id: 'objections', label: t('exception.objections'), value: exceptions.objections, to: notices('objected'), alarm: true },
            { id: 'deviations', label: t('exception.deviations'), value: exceptions.deviations, to: to('/amt/abweichungen') },
            { id: 'guests', label: t('exception.guests'), value: exceptions.guests_open, to: `${to('/amt/gastkinder')}?state=open` },
            { id: 'consents', label: t('exception.consents'), value: exceptions.consents_ending, to: `${to('/amt/gastkinder')}?ending=true` },
            { id: 'lapsed', label: t('exception.lapsed'), value: exceptions.consents_lapsed, to: `${to('/amt/gastkinder')}?lapsed=true`, alarm: true },
            { id: 'movers', label: t('exception.movers'), value: exceptions.moves_overdue, to: `${to('/amt/zuzug')}?overdue=true`, alarm: true },
            { id: 'absences', label: t('exception.absences'), value: exceptions.absences_uncovered, to: to('/amt/vertretungen'), alarm: true },
            { id: 'oldEnds', label: t('exception.oldEnds'), value: exceptions.old_school_ends, to: to('/amt/schulbeginn') },
          ]}
        />
      </Section>
    </>
  )
}
