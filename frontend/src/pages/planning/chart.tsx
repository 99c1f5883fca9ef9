import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanMonth } from '../../api/planning-types'
import { useFormat, usePlot } from '../../staff'
import { Button } from '../../ui'
import { CsvButton } from '../office/rounds/csv-button'
import { gap } from './scenario'

const COLUMNS = ['places', 'taken', 'free', 'waiting', 'children', 'needed'] as const

/** What the chart shows, as a table and as a file. */
function PlanTable({ name, months }: { name: string; months: PlanMonth[] }): JSX.Element {
  const { t } = useTranslation('planning')
  const { t: work } = useTranslation('work')
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const caption = t('chart.table', { name })
  return (
    <>
      <div className="kp-dense__acts"><Button small kind="tertiary" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? work('capacity.hideTable') : work('capacity.showTable')}</Button></div>
      {open && (
        <div className="kp-dense-box" role="region" tabIndex={0} aria-label={caption}>
          <table className="kp-dense">
            <caption className="kern-sr-only">{caption}</caption>
            <thead><tr><th scope="col">{t('month')}</th>{COLUMNS.map((column) => <th key={column} scope="col" className="is-numeric">{t(`col.${column}`)}</th>)}<th scope="col" className="is-numeric">{t('chart.lacking')}</th></tr></thead>
            <tbody>
              {months.map((month) => (
                <tr key={month.month}>
                  <th scope="row">{format.month(month.month)}</th>
                  {COLUMNS.map((column) => <td key={column} data-label={t(`col.${column}`)} className="is-numeric">{month[column] === null ? '–' : format.number(month[column])}</td>)}
                  <td data-label={t('chart.lacking')} className="is-numeric">{format.number(Math.max(0, gap(month)))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <CsvButton name="plaetze-und-bedarf" what={caption} rows={[[t('month'), ...COLUMNS.map((column) => t(`col.${column}`)), t('chart.lacking')], ...months.map((month) => [month.month.slice(0, 7), ...COLUMNS.map((column) => month[column]), Math.max(0, gap(month))])]} />
    </>
  )
}

/** Bars of children who have a place and who wait for one; a line for the places and a dashed one for the need. Arrow keys tell each month, and a table is below. */
export function PlanChart({ name, months }: { name: string; months: PlanMonth[] }): JSX.Element {
  const { t } = useTranslation('planning')
  const format = useFormat()
  const { at, setAt, bars, plot } = usePlot(months.length)
  const top = Math.max(1, ...months.map((month) => Math.max(month.places, month.needed ?? 0, month.taken + month.waiting)))
  const share = (value: number) => `${(value / top) * 100}%`
  const result = (month: PlanMonth) => (gap(month) > 0 ? t('gap.lack', { count: gap(month) }) : gap(month) < 0 ? t('gap.over', { count: -gap(month) }) : t('gap.even'))
  const say = (month: PlanMonth) => t(month.needed === null ? 'chart.sum' : 'chart.sumNeeded', { month: format.month(month.month), places: format.number(month.places), taken: format.number(month.taken), waiting: format.number(month.waiting), needed: format.number(month.needed ?? 0), result: result(month) })
  const current = months[at]
  return (
    <div className="kp-cap">
      <ul className="kp-legend" aria-label={t('chart.legend')}>
        <li><span className="kp-swatch kp-seg-occupied" aria-hidden="true" />{t('col.taken')}</li>
        <li><span className="kp-swatch kp-seg-held" aria-hidden="true" />{t('col.waiting')}</li>
        <li><span className="kp-plan-line" aria-hidden="true" />{t('col.places')}</li>
        {months.some((month) => month.needed !== null) && <li><span className="kp-plan-line kp-plan-line--needed" aria-hidden="true" />{t('col.needed')}</li>}
      </ul>
      <div className="kp-cap__scroll">
        <div className="kp-cap__plot kp-plan-plot" {...plot} role="group" aria-label={t('chart.title', { name })}>
          {months.map((month, index) => (
            <button key={month.month} type="button" className="kp-cap__month" ref={(element) => { bars.current[index] = element }} tabIndex={index === at ? 0 : -1} aria-pressed={index === at} aria-label={say(month)} onFocus={() => setAt(index)} onPointerEnter={() => setAt(index)}>
              <span className="kp-cap__stack kp-plan-stack" aria-hidden="true">
                <i className="kp-seg-occupied" style={{ blockSize: share(month.taken) }} />
                <i className="kp-seg-held" style={{ blockSize: share(month.waiting) }} />
                <b className="kp-plan-mark" style={{ insetBlockEnd: share(month.places) }} />
                {month.needed !== null && <b className="kp-plan-mark kp-plan-mark--needed" style={{ insetBlockEnd: share(month.needed) }} />}
              </span>
              <span className="kp-cap__name" aria-hidden="true">{format.shortMonth(month.month)}<br />{month.month.slice(5, 7) === '01' || index === 0 ? month.month.slice(0, 4) : '\u00A0'}</span>
            </button>
          ))}
        </div>
      </div>
      <p className="kp-cap__sum">{current && say(current)}</p>
      <PlanTable name={name} months={months} />
    </div>
  )
}
