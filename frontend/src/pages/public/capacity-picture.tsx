import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FacilityDetail } from '../../api/types'
import { formatDate, formatMonth } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Badge, EmptyState, Table } from '../../ui'

type Band = FacilityDetail['capacity'][number]

function shortMonth(month: string, language: string): { name: string; year: string } {
  const date = new Date(`${month.slice(0, 7)}-01T00:00:00Z`)
  return { name: new Intl.DateTimeFormat(language, { month: 'narrow', timeZone: 'UTC' }).format(date), year: month.slice(0, 4) }
}

/** One column per month, its height the free places; the number stands on it, so no colour has to be told apart. */
function Columns({ band, label }: { band: Band; label: string }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const most = Math.max(1, ...band.months.map((month) => month.bookable))
  return (
    <div className="kp-months-box" role="region" tabIndex={0} aria-label={t('capacity.band', { band: label })}>
    <ol className="kp-months">
      {band.months.map((month, index) => {
        const { name, year } = shortMonth(month.month, i18n.language)
        const showYear = month.month.slice(5, 7) === '01' || (index === 0 && Number(month.month.slice(5, 7)) <= 9)
        return (
          <li key={month.month} className="kp-months__item" aria-label={t('capacity.month', { month: formatMonth(month.month, i18n.language), count: month.bookable })}>
            <span className="kp-months__number" aria-hidden="true">{month.bookable}</span>
            <span className={`kp-months__bar ${month.bookable === 0 ? 'is-none' : ''}`} style={{ blockSize: `${(month.bookable / most) * 3.5 + 0.25}rem` }} aria-hidden="true" />
            <span className="kp-months__name" aria-hidden="true">{name}</span>
            <span className="kp-months__year" aria-hidden="true">{showYear ? year : ''}</span>
          </li>
        )
      })}
    </ol>
    </div>
  )
}

/** Free places by month and age, with the same figures as a table. */
export function CapacityPicture({ capacity }: { capacity: Band[] }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const words = useWords()
  const known = capacity.filter((band) => band.months.length > 0)
  if (known.length === 0) return <EmptyState title={t('capacity.unknown')}>{t('capacity.unknownText')}</EmptyState>
  const months = known[0]?.months.map((month) => month.month) ?? []
  return (
    <div className="kp-stack">
      {known.map((band) => (
        <figure className={`kp-capacity ${band.stale ? 'kp-free--stale' : ''}`} key={band.age_band}>
          <figcaption className="kp-row">
            <strong>{t('capacity.band', { band: words.ageBand(band.age_band) })}</strong>
            {band.is_example && <Badge tone="info" icon="info">{t('free.example')}</Badge>}
          </figcaption>
          <Columns band={band} label={words.ageBand(band.age_band)} />
          {!band.is_example && <p className="kp-small kp-muted">
            {band.confirmed_on && t('free.confirmed', { date: formatDate(band.confirmed_on, i18n.language) })}{band.stale && ` ${band.confirmed_on ? t('free.stale') : t('free.unconfirmed')}`}
          </p>}
        </figure>
      ))}
      <details className="kp-details">
        <summary>{t('capacity.asTable')}</summary>
        <Table
          caption={t('capacity.title')}
          hideCaption
          rows={months}
          rowKey={(month) => month}
          columns={[
            { id: 'month', header: t('capacity.monthHeader'), rowHeader: true, cell: (month) => formatMonth(month, i18n.language) },
            ...known.map((band) => ({ id: band.age_band, header: words.ageBand(band.age_band), numeric: true, cell: (month: string) => band.months.find((entry) => entry.month === month)?.bookable ?? '–' })),
          ]}
        />
      </details>
    </div>
  )
}
