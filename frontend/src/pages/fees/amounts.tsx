import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fee } from '../../api/fee-types'
import { formatDate, lastDay } from '../../lib/dates'
import { useMoney } from './money'
import { joined } from './periods'

/** What is owed when, in lines: they fit a phone and a panel, and say why an amount is less than the table's. */
export function Amounts({ fee }: { fee: Fee }): JSX.Element {
  const { t, i18n } = useTranslation('fees')
  const { t: relief } = useTranslation('reliefs')
  const money = useMoney()
  const day = (iso: string) => formatDate(iso, i18n.language)
  return (
    <ul className="kern-body kp-list">
      {joined(fee.periods).map((period) => (
        <li key={period.from_month}>
          <strong>{period.relief?.percent === 0 ? relief('waived') : period.cents === 0 ? money.amount(0) : t('mine.amount', { amount: money.euros(period.cents) })}</strong>{' '}
          {t('mine.period', { from: day(period.from_month), to: day(lastDay(period.until_month)), care: money.care(period.care) })}
          {period.relief && <div className="kp-small kp-muted">{relief('line', { full: money.euros(period.relief.full_cents), what: relief(`reason.${period.relief.reason}`) })}</div>}
        </li>
      ))}
    </ul>
  )
}
