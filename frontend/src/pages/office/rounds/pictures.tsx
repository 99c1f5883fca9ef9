import { useId, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../staff'
import { CsvButton } from './csv-button'
import { layout, percent, shortened, stages, type Rect } from './flow'

const MOST = 8
const BAR = 58
const STEP = 104
const HEIGHT = 180
const HEAD = 34
const FOOT = 22

/** A picture beside its table: who cannot see the one reads the other. */
function Beside({ picture, table, file }: { picture: ReactNode; table: ReactNode; file: ReactNode }): JSX.Element {
  return <div className="kp-beside"><div className="kp-beside__picture">{picture}</div><div className="kp-beside__table">{table}{file}</div></div>
}

const rect = ({ x, y, width, height }: Rect) => ({ x, y: y + HEAD, width, height })

/** Wish by wish: who asks, who gets a place by it, and who goes on to the next wish. */
export function Flow({ histogram, unplaced }: { histogram: number[]; unplaced: number }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const id = useId()
  const all = stages(histogram, unplaced)
  const shown = shortened(all, MOST)
  const width = BAR + STEP * Math.max(0, shown.length - 1)
  const columns = layout(shown, { width, height: HEIGHT, bar: BAR })
  if (columns.length === 0) return <p className="kern-body">{t('picture.none')}</p>
  const name = (rank: number, index: number) => (index === shown.length - 1 && all.length > shown.length ? t('picture.wishFrom', { rank }) : t('picture.wish', { rank }))
  const wide = width + 92
  const lastRest = columns.at(-1)?.rest
  return (
    <Beside
      file={<CsvButton name="wuensche-zu-plaetzen" what={t('picture.flow')} rows={[[t('picture.wishHead'), t('picture.asked'), t('picture.placed'), t('picture.onward')], ...all.map((stage) => [stage.rank, stage.asked, stage.placed, stage.rest])]} />}
      picture={(
        <div className="kp-scroll" role="region" tabIndex={0} aria-label={t('picture.flow')}>
          <svg className="kp-pic" viewBox={`0 0 ${wide} ${HEAD + HEIGHT + FOOT}`} style={{ inlineSize: `${wide}px` }} role="img" aria-labelledby={`${id}-t ${id}-d`}>
            <title id={`${id}-t`}>{t('picture.flow')}</title>
            <desc id={`${id}-d`}>{shown.map((stage, index) => t('picture.flowOne', { wish: name(stage.rank, index), asked: stage.asked, placed: stage.placed })).join(' ')} {t('picture.flowRest', { count: unplaced })}</desc>
            {columns.map((column, index) => {
              const stage = shown[index]
              if (!stage) return null
              const middle = column.placed.x + BAR / 2
              return (
                <g key={stage.rank}>
                  {column.onward && <rect className="kp-pic-band" {...rect(column.onward)} />}
                  <rect className="kp-pic-rest" {...rect(column.rest)} />
                  <rect className="kp-pic-placed" {...rect(column.placed)} />
                  <text className="kp-pic-number" x={middle} y={HEAD + column.placed.y - 7} textAnchor="middle">{format.number(stage.placed)}</text>
                  <text className="kp-pic-label" x={middle} y={HEAD + HEIGHT + 16} textAnchor="middle">{name(stage.rank, index)}</text>
                </g>
              )
            })}
            {lastRest && unplaced > 0 && (
              <text className="kp-pic-label" x={lastRest.x + BAR + 8} y={HEAD + HEIGHT - 6}>{t('picture.left', { count: unplaced })}</text>
            )}
          </svg>
        </div>
      )}
      table={(
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('picture.flow')}</caption>
          <thead><tr><th scope="col">{t('picture.wishHead')}</th><th scope="col" className="is-numeric"><i className="kp-key kp-key--rest" aria-hidden="true" />{t('picture.asked')}</th><th scope="col" className="is-numeric"><i className="kp-key kp-key--placed" aria-hidden="true" />{t('picture.placed')}</th><th scope="col" className="is-numeric">{t('picture.onward')}</th></tr></thead>
          <tbody>
            {shown.map((stage, index) => (
              <tr key={stage.rank}><th scope="row">{name(stage.rank, index)}</th><td data-label={t('picture.asked')} className="is-numeric">{format.number(stage.asked)}</td><td data-label={t('picture.placed')} className="is-numeric">{format.number(stage.placed)}</td><td data-label={t('picture.onward')} className="is-numeric">{format.number(stage.rest)}</td></tr>
            ))}
          </tbody>
        </table>
      )}
    />
  )
}

/** How many children got their first wish, their second, and so on. */
export function Histogram({ histogram, unplaced }: { histogram: number[]; unplaced: number }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  const id = useId()
  const total = histogram.reduce((sum, count) => sum + count, unplaced)
  const rows = [...histogram.map((count, index) => ({ id: String(index), name: t('picture.wish', { rank: index + 1 }), count, placed: true })), { id: 'none', name: t('picture.noPlace'), count: unplaced, placed: false }]
  const top = Math.max(1, ...rows.map((row) => row.count))
  const line = 30
  return (
    <Beside
      file={<CsvButton name="erfuellte-wuensche" what={t('picture.histogram')} rows={[[t('picture.wishHead'), t('figure.children')], ...rows.map((row) => [row.name, row.count])]} />}
      picture={(
        <svg className="kp-pic" viewBox={`0 0 400 ${rows.length * line}`} role="img" aria-labelledby={`${id}-t ${id}-d`}>
          <title id={`${id}-t`}>{t('picture.histogram')}</title>
          <desc id={`${id}-d`}>{rows.map((row) => `${row.name}: ${row.count}`).join('; ')}</desc>
          {rows.map((row, index) => (
            <g key={row.id} transform={`translate(0 ${index * line})`}>
              <text className="kp-pic-label" x="92" y="19" textAnchor="end">{row.name}</text>
              <rect className={row.placed ? 'kp-pic-placed' : 'kp-pic-rest'} x="100" y="5" width={Math.max(row.count > 0 ? 2 : 0, (row.count / top) * 235)} height="20" />
              <text className="kp-pic-number" x={106 + (row.count / top) * 235} y="20">{format.number(row.count)}</text>
            </g>
          ))}
        </svg>
      )}
      table={(
        <table className="kp-dense kp-dense--plain">
          <caption className="kern-sr-only">{t('picture.histogram')}</caption>
          <thead><tr><th scope="col">{t('picture.wishHead')}</th><th scope="col" className="is-numeric">{t('figure.children')}</th><th scope="col" className="is-numeric">{t('picture.share')}</th></tr></thead>
          <tbody>
            {rows.map((row) => <tr key={row.id}><th scope="row">{row.name}</th><td data-label={t('figure.children')} className="is-numeric">{format.number(row.count)}</td><td data-label={t('picture.share')} className="is-numeric">{percent(row.count, total)} %</td></tr>)}
          </tbody>
        </table>
      )}
    />
  )
}
