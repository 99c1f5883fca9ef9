import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FacilityResult } from '../../api/types'
import { useTenant, useTo } from '../../app/tenant'
import { addressOf, formatDistance } from '../../lib/text'
import { useWishes } from '../../lib/wishes'
import { useWords } from '../../lib/words'
import { Button, Icon, Link } from '../../ui'
import { AvailabilityView } from './availability'

/** "Alter: 1 Jahr bis 6 Jahre", "Alter: ab 10 Monate"; from two years on nobody counts in months alone. */
export function useAgeText(): (from: number | null, to: number | null) => string | null {
  const { t } = useTranslation('public')
  const text = (months: number) => {
    const years = months % 12 === 0 || months > 24 ? Math.floor(months / 12) : 0
    const rest = months - years * 12
    return [years > 0 && t('age.years', { count: years }), (rest > 0 || years === 0) && t('age.months', { count: rest })].filter(Boolean).join(' ')
  }
  return (from, to) => {
    if (from !== null && to !== null) return t('age.fromTo', { from: text(from), to: text(to) })
    if (from !== null) return t('age.from', { from: text(from) })
    return to !== null ? t('age.to', { to: text(to) }) : null
  }
}

/** One tap marks a facility, up to the number the tenant allows. */
export function WishButton({ id, name }: { id: string; name: string }): JSX.Element {
  const { t } = useTranslation('public')
  const tenant = useTenant()
  const { wishes, has, toggle } = useWishes(tenant.slug)
  const chosen = has(id)
  const full = !chosen && wishes.length >= tenant.max_preferences
  return (
    <div className="kp-wish">
      <Button kind={chosen ? 'primary' : 'secondary'} small icon={chosen ? 'check' : 'heart'} aria-pressed={chosen} aria-disabled={full || undefined} aria-label={t(chosen ? 'wish.removeLabel' : 'wish.addLabel', { name })} onClick={() => { if (!full) toggle({ id, name }) }}>
        {t(chosen ? 'wish.chosen' : 'wish.add')}
      </Button>
      {full && <span className="kp-small kp-muted">{t('wish.full', { count: tenant.max_preferences })}</span>}
    </div>
  )
}

export function FacilityCard({ facility, query }: { facility: FacilityResult; query: string }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const words = useWords()
  const to = useTo()
  const ageText = useAgeText()(facility.age_from_months, facility.age_to_months)
  return (
    <li className="kp-result" id={`facility-${facility.id}`}>
      <div className="kp-result__main">
        <h3 className="kern-title kp-result__name"><Link to={`${to(`/kita/${facility.id}`)}${query}`}>{facility.name}</Link></h3>
        <p className="kp-small kp-muted">{[facility.kind && words.facilityKind(facility.kind), facility.provider_name].filter(Boolean).join(' · ')}</p>
        <ul className="kp-meta">
          <li><Icon name="pin" size={18} /><span>{addressOf(facility)}{facility.distance_m !== null && <strong className="kp-nowrap"> · {t('result.away', { distance: formatDistance(facility.distance_m, i18n.language) })}</strong>}</span></li>
          {facility.opens_at && facility.closes_at && <li><Icon name="clock" size={18} /><span>{t('result.hours', { from: facility.opens_at, to: facility.closes_at })}</span></li>}
          {ageText && <li><Icon name="people" size={18} /><span>{ageText}</span></li>}
        </ul>
      </div>
      <div className="kp-result__side">
        <AvailabilityView value={facility.availability} />
        <WishButton id={facility.id} name={facility.name} />
      </div>
    </li>
  )
}
