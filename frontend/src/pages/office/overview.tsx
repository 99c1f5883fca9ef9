import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { OfficeOverview } from '../../api/types'
import { useTo } from '../../app/tenant'
import { addMonths, lastDay } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Button, ErrorState, Icon, Link, Page, Section, Skeleton } from '../../ui'
import { useFormat } from '../../staff'
import { Dashboard } from './dashboard'
import { STATES } from './states'

type Figure = { id: string; label: string; value: number; to: string; alarm?: boolean }

function Figures({ items }: { items: Figure[] }): JSX.Element {
  const format = useFormat()
  return (
    <ul className="kp-figures">
      {items.map((item) => (
        <li key={item.id}>
          <Link className="kp-figure" to={item.to}>
            <span className="kp-figure__value">{format.number(item.value)}{item.alarm && item.value > 0 && <span className="kp-tone-warning"><Icon name="warning" size={22} /></span>}</span>
            <span className="kp-figure__label">{item.label}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Twelve months of demands and accepted offers: bars to see, a table to read; each bar and number opens its list. */
function Months({ months }: { months: OfficeOverview['by_month'] }): JSX.Element {
  const { t } = useTranslation('office')
  const { t: opens } = useTranslation('dashboard')
  const format = useFormat()
  const to = useTo()
  const [table, setTable] = useState(false)
  const shown = months.slice(-12)
  const top = Math.max(1, ...shown.map((month) => Math.max(month.demands, month.accepted)))
  const height = (value: number) => ({ blockSize: `${(value / top) * 100}%` })
  const list = (what: 'submitted' | 'accepted', month: string) => `${to('/amt/bedarfe')}?${what}_from=${month}&${what}_to=${lastDay(addMonths(month, 1))}`
  const cell = (what: 'submitted' | 'accepted', label: string, month: string, count: number) => (
    <td className="is-numeric" data-label={label}><Link to={list(what, month)} aria-label={opens('openList', { label: `${format.month(month)}, ${label}`, count })}>{format.number(count)}</Link></td>
  )
  return (
    <div className="kp-stack kp-stack--small">
      <ul className="kp-legend">
        <li><span className="kp-swatch kp-bars__one" aria-hidden="true" />{t('overview.demands')}</li>
        <li><span className="kp-swatch kp-bars__two" aria-hidden="true" />{t('overview.accepted')}</li>
      </ul>
      <div className="kp-bars" aria-hidden="true">
        {shown.map((month) => (
          <div className="kp-bars__col" key={month.month} title={`${format.month(month.month)}: ${month.demands} / ${month.accepted}`}>
            <div className="kp-bars__pair"><Link className="kp-bars__one" tabIndex={-1} to={list('submitted', month.month)} style={height(month.demands)} /><Link className="kp-bars__two" tabIndex={-1} to={list('accepted', month.month)} style={height(month.accepted)} /></div>
            <span className="kp-bars__label">{format.shortMonth(month.month)}</span>
          </div>
        ))}
      </div>
      <div><Button small kind="tertiary" aria-expanded={table} onClick={() => setTable(!table)}>{table ? t('overview.hideTable') : t('overview.showTable')}</Button></div>
      {table && (
        <div className="kp-dense-box" role="region" tabIndex={0} aria-label={t('overview.byMonth')}>
          <table className="kp-dense">
            <thead><tr><th scope="col">{t('overview.month')}</th><th scope="col" className="is-numeric">{t('overview.demands')}</th><th scope="col" className="is-numeric">{t('overview.accepted')}</th></tr></thead>
            <tbody>
              {shown.map((month) => (
                <tr key={month.month}><th scope="row">{format.month(month.month)}</th>{cell('submitted', t('overview.demands'), month.month, month.demands)}{cell('accepted', t('overview.accepted'), month.month, month.accepted)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

export function OverviewPage(): JSX.Element {
  const { t } = useTranslation('office')
  const { t: transfer } = useTranslation('transfer')
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const query = useGet<OfficeOverview>('/office/overview')
  const data = query.data
  if (!data) {
    return (
      <Page title={t('overview.title')} width="full">
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={3} />}
      </Page>
    )
  }
  const list = (view: string) => to('/amt/bedarfe') + `?view=${view}`
  const states = STATES.flatMap((state) => { const count = data.demands_by_state[state]; return count ? [[state, count] as const] : [] })
  return (
    <Page title={t('overview.title')} width="full">
      <Figures
        items={[
          { id: 'confirm', label: t('overview.toConfirm'), value: data.to_confirm, to: list('to_confirm') },
          { id: 'without', label: t('overview.withoutPlace'), value: data.without_place, to: list('without_place') },
          { id: 'transfers', label: transfer('count'), value: data.transfers, to: list('transfer') },
          { id: 'claims', label: t('overview.claims'), value: data.legal_claims_open, to: list('legal_claim') },
          { id: 'silent', label: t('overview.silent'), value: data.silent_facilities, to: to('/amt/kitas-ohne-antwort'), alarm: true },
          { id: 'unanswered', label: t('overview.unanswered'), value: data.unanswered, to: list('unanswered'), alarm: true },
          { id: 'dead', label: t('overview.dead'), value: data.dead_letters, to: to('/amt/unzustellbar'), alarm: true },
          { id: 'letters', label: t('overview.letters'), value: data.letters_to_print, to: to('/amt/briefe') },
        ]}
      />
      <Dashboard />
      <Section title={t('overview.byMonth')}>
        {data.by_month.length > 0 ? <Months months={data.by_month} /> : <p className="kern-body">{t('overview.noMonths')}</p>}
      </Section>
      <Section title={t('overview.byState')}>
        <ul className="kp-figures">
          {states.map(([state, count]) => (
            <li key={state}>
              <Link className="kp-figure" to={to('/amt/bedarfe') + `?state=${state}`}>
                <span className="kp-figure__value">{format.number(count)}</span><span className="kp-figure__label">{words.demandState(state)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  )
}
