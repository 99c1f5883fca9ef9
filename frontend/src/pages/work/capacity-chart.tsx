import { useId, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgeBand, CapacityMonth } from '../../api/types'
import { useWords } from '../../lib/words'
import { useFormat, usePlot } from '../../staff'

/** A month, or a day, as chart and table need it: of a facility, or added up. */
export type ChartMonth = Omit<CapacityMonth, 'limited_by'>
export type Unit = 'month' | 'day'
export const COLUMNS = ['licensed', 'operable', 'occupied', 'held', 'reserved', 'bookable'] as const

const SEGMENTS = ['occupied', 'held', 'reserved', 'bookable', 'closed'] as const
type Segment = (typeof SEGMENTS)[number]

/** What one bar is made of, from the bottom: the last part is licensed but cannot be run today. */
function parts(month: ChartMonth): Record<Segment, number> {
  return {
    occupied: month.occupied, held: month.held, reserved: month.reserved,
    bookable: Math.max(month.bookable, 0), closed: Math.max(month.licensed - month.operable, 0),
  }
}

export function CapacityLegend(): JSX.Element {
  const { t } = useTranslation('work')
  return (
    <ul className="kp-legend" aria-label={t('capacity.legend')}>
      {SEGMENTS.map((segment) => <li key={segment}><span className={`kp-swatch kp-seg-${segment}`} aria-hidden="true" />{t(`capacity.seg.${segment}`)}</li>)}
    </ul>
  )
}

/** How a month or a day is called: in a sentence, and below its bar. */
function useNames(unit: Unit): { long: (row: ChartMonth) => string; short: (row: ChartMonth, index: number) => [string, string] } {
  const format = useFormat()
  if (unit === 'day') return { long: (row) => format.weekday(row.month), short: (row) => [String(Number(row.month.slice(8, 10))), format.shortWeekday(row.month)] }
  const year = (row: ChartMonth, index: number) => (row.month.slice(5, 7) === '01' || index === 0 ? row.month.slice(0, 4) : '\u00A0')
  return { long: (row) => format.month(row.month), short: (row, index) => [format.shortMonth(row.month), year(row, index)] }
}

/** Months or days across, one bar each; pointing at one or reaching it with the arrow keys tells its sum in words. */
export function CapacityChart({ band, months, unit = 'month', label }: { band: AgeBand; months: ChartMonth[]; unit?: Unit; label?: string }): JSX.Element {
  const { t } = useTranslation('work')
  const words = useWords()
  const names = useNames(unit)
  const id = useId()
  const { at, setAt, bars, plot } = usePlot(months.length)
  const top = Math.max(1, ...months.map((month) => Math.max(month.licensed, month.occupied + month.held + month.reserved)))
  const sum = (month: ChartMonth) => t('capacity.sum', {
    month: names.long(month), licensed: month.licensed, operable: month.operable, occupied: month.occupied,
    held: month.held, reserved: month.reserved, bookable: month.bookable,
  })
  const current = months[at]
  return (
    <div className="kp-cap">
      <div className="kp-cap__scroll">
        <div className="kp-cap__plot" {...plot} role="group" aria-label={label ?? t('capacity.chart', { band: words.ageBand(band) })}>
          {months.map((month, index) => {
            const sizes = parts(month)
            return (
              <button
                key={month.month}
                type="button"
                className="kp-cap__month"
                ref={(element) => { bars.current[index] = element }}
                tabIndex={index === at ? 0 : -1}
                aria-pressed={index === at}
                aria-label={sum(month)}
                onFocus={() => setAt(index)}
                onPointerEnter={() => setAt(index)}
              >
                <span className="kp-cap__stack" aria-hidden="true">
                  {SEGMENTS.map((segment) => sizes[segment] > 0 && <i key={segment} className={`kp-seg-${segment}`} style={{ blockSize: `${(sizes[segment] / top) * 100}%` }} />)}
                </span>
                <span className="kp-cap__name" aria-hidden="true">{names.short(month, index)[0]}<br />{names.short(month, index)[1]}</span>
              </button>
            )
          })}
        </div>
      </div>
      <p className="kp-cap__sum" id={id}>{current && sum(current)}</p>
    </div>
  )
}

export function CapacityTable({ band, months, unit = 'month', label }: { band: AgeBand; months: ChartMonth[]; unit?: Unit; label?: string }): JSX.Element {
  const { t } = useTranslation('work')
  const words = useWords()
  const names = useNames(unit)
  const caption = label ?? t('capacity.tableOf', { band: words.ageBand(band) })
  return (
    <div className="kp-dense-box" role="region" tabIndex={0} aria-label={caption}>
      <table className="kp-dense">
        <caption className="kern-sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t(unit === 'day' ? 'capacity.day' : 'capacity.month')}</th>
            {COLUMNS.map((name) => <th key={name} scope="col" className="is-numeric">{t(`capacity.col.${name}`)}</th>)}
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month.month}>
              <th scope="row">{names.long(month)}</th>
              {COLUMNS.map((name) => <td key={name} data-label={t(`capacity.col.${name}`)} className="is-numeric">{month[name]}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
