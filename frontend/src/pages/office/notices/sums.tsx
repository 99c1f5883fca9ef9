import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeeCare, ReliefReason } from '../../../api/fee-types'
import type { FeeSums } from '../../../api/notice-types'
import { lastDay } from '../../../lib/dates'
import { Facts } from '../../../ui'
import { useFormat } from '../../../staff'
import { useMoney } from '../../fees/money'

/** What a notice of a fee sets: it was worked out, and nobody types it. */
export function SumsOwed({ sums }: { sums: FeeSums }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: notices } = useTranslation('notices')
  const money = useMoney()
  const format = useFormat()
  return (
    <>
      <ul className="kern-body kp-list">
        {sums.periods.map((period) => (
          <li key={period.from_month}>
            <strong>{period.cents === 0 ? money.amount(0) : t('mine.amount', { amount: money.euros(period.cents) })}</strong>{' '}
            {t('mine.period', { from: format.date(period.from_month), to: format.date(lastDay(period.until_month)), care: money.care(period.care as FeeCare) })}
          </li>
        ))}
      </ul>
      {sums.replaces && <p className="kern-body">{notices('sums.replaces', { month: format.month(sums.from_month), file: sums.replaces.file_number })}</p>}
      {sums.note && <p className="kern-body">{sums.note}</p>}
    </>
  )
}

/** From which facts and statutes it follows. */
export function SumsFrom({ sums }: { sums: FeeSums }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: notices } = useTranslation('notices')
  const { t: relief } = useTranslation('reliefs')
  const money = useMoney()
  const format = useFormat()
  return (
    <>
      {sums.grounds.map((ground) => <p className="kern-body" key={ground}>{notices('sums.ground', { ground })}</p>)}
      <Facts items={[
        { id: 'care', term: notices('sums.care'), value: `${format.date(sums.care_from)} – ${format.date(lastDay(sums.care_until))}` },
        { id: 'hours', term: t('office.hours'), value: String(sums.hours_per_week) },
        { id: 'child', term: t('calc.child'), value: t('child', { n: sums.child_position }) },
        { id: 'lone', term: t('calc.lone'), value: notices(sums.lone_parent ? 'sums.yes' : 'sums.no') },
        { id: 'income', term: t('calc.income'), value: money.income(sums.income_up_to) },
        ...sums.reliefs.map((one) => ({ id: `relief-${one.from_month}`, term: relief('title'), value: `${format.date(one.from_month)} – ${format.date(lastDay(one.until_month))}: ${relief('line', { full: money.euros(one.full_cents), what: relief(`reason.${one.reason as ReliefReason}`) })}` })),
      ]} />
    </>
  )
}
