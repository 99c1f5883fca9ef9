import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Availability, AvailabilityState } from '../../api/types'
import { formatDate, today } from '../../lib/dates'
import { Badge, type IconName, type Tone } from '../../ui'

const AVAILABILITY_LOOK: Record<AvailabilityState, { tone: Tone | 'neutral'; icon: IconName }> = {
  covered: { tone: 'success', icon: 'check-circle' },
  partly: { tone: 'warning', icon: 'half' },
  full: { tone: 'neutral', icon: 'x-circle' },
  unknown: { tone: 'neutral', icon: 'question' },
}

/** Free or not for this child and date: in words, with the reason and the day the facility confirmed it. */
export function AvailabilityView({ value }: { value: Availability }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const { t: common } = useTranslation()
  const look = AVAILABILITY_LOOK[value.state]
  const from = value.free_from && value.free_from > today() ? formatDate(value.free_from, i18n.language) : null
  const until = value.free_until ? formatDate(value.free_until, i18n.language) : null
  const period = value.state === 'partly' && (from || until)
    ? from && until ? t('free.fromUntil', { from, until }) : from ? t('free.from', { from }) : t('free.until', { until: until ?? '' })
    : t(`free.reason.${value.state}`)
  return (
    <div className={`kp-free ${value.stale ? 'kp-free--stale' : ''}`}>
      <div className="kp-row">
        <Badge tone={value.stale ? 'neutral' : look.tone} icon={look.icon}>{t(`free.state.${value.state}`)}</Badge>
        {value.is_example && <Badge tone="info" icon="info">{t('free.example')}</Badge>}
      </div>
      <p className="kp-small kp-muted">
        {period}{value.age_band ? ` ${t('free.band', { band: common(`ageBand.${value.age_band}`) })}` : ''}
        {value.confirmed_on && !value.is_example && <> {t('free.confirmed', { date: formatDate(value.confirmed_on, i18n.language) })}</>}
        {value.stale && value.state !== 'unknown' && !value.is_example && <> {value.confirmed_on ? t('free.stale') : t('free.unconfirmed')}</>}
      </p>
    </div>
  )
}
