import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { DayPlaces, FacilityMonth, MonthChange } from '../../api/places-types'
import type { AgeBand } from '../../api/types'
import { today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, Button, ErrorState, Icon, Section, Select, Skeleton, type IconName } from '../../ui'
import { useFormat } from '../../staff'
import { CapacityChart, CapacityTable, type ChartMonth } from './capacity-chart'

const LOOK: Record<MonthChange['what'], IconName> = { leaves: 'logout', begins: 'person', turns_three: 'calendar', starts_school: 'document' }

/** The months that can be looked at day by day, from the current one on. */
function months(): string[] {
  const [year = 0, month = 1] = today().split('-').map(Number)
  return Array.from({ length: 24 }, (_, n) => new Date(Date.UTC(year, month - 1 + n, 1)).toISOString().slice(0, 10))
}

function Changes({ changes }: { changes: MonthChange[] }): JSX.Element {
  const { t } = useTranslation('places')
  const format = useFormat()
  if (changes.length === 0) return <p className="kern-body">{t('days.none')}</p>
  return (
    <ul className="kp-list">
      {changes.map((change) => (
        <li key={`${change.day}-${change.what}-${change.child_id}`} className="kp-row">
          <Icon name={LOOK[change.what]} />
          <span className="kp-num">{format.date(change.day)}</span>
          <span><strong>{change.child}</strong> {t(`days.what.${change.what}`)}</span>
          {change.held && <Badge tone="neutral" icon="clock">{t('days.offer')}</Badge>}
        </li>
      ))}
    </ul>
  )
}

function BandDays({ band, days, month }: { band: AgeBand; days: DayPlaces[]; month: string }): JSX.Element {
  const { t } = useTranslation('work')
  const { t: places } = useTranslation('places')
  const words = useWords()
  const format = useFormat()
  const [table, setTable] = useState(false)
  const rows: ChartMonth[] = days.map(({ day, ...rest }) => ({ month: day, ...rest }))
  const label = places('days.chart', { band: words.ageBand(band), month: format.month(month) })
  return (
    <>
      <h3 className="kern-title kern-title--small">{words.ageBand(band)}</h3>
      <CapacityChart key={month} band={band} months={rows} unit="day" label={label} />
      <div className="kp-dense__acts"><Button small kind="tertiary" aria-expanded={table} onClick={() => setTable(!table)}>{table ? t('capacity.hideTable') : t('capacity.showTable')}</Button></div>
      {table && <CapacityTable band={band} months={rows} unit="day" label={label} />}
    </>
  )
}

/** The days of a month of a facility: places of each day, and who begins, leaves, becomes three or goes to school. */
export function MonthDays({ facility }: { facility: string }): JSX.Element {
  const { t } = useTranslation('places')
  const format = useFormat()
  const choices = months()
  const [month, setMonth] = useState(choices[0] ?? today())
  const query = useGet<FacilityMonth>(`/staff/facilities/${facility}/month`, { month })
  return (
    <Section title={t('days.title')}>
      <p className="kern-body kp-small">{t('days.lead')}</p>
      <Select label={t('days.month')} value={month} onChange={setMonth} options={choices.map((value) => ({ value, label: format.month(value) }))} />
      {query.isPending && <Skeleton lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          <h3 className="kern-title kern-title--small">{t('days.changes')}</h3>
          <Changes changes={query.data.changes} />
          {query.data.bands.map((band) => <BandDays key={band.age_band} band={band.age_band} days={band.days} month={query.data.month} />)}
        </>
      )}
    </Section>
  )
}
