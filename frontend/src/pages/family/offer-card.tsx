import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Offer } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate, formatWeekday } from '../../lib/dates'
import { weekText } from '../../lib/week'
import { useWords } from '../../lib/words'
import { ButtonLink, Card } from '../../ui'

export const isOpenOffer = (offer: Offer): boolean => offer.state === 'sent' || offer.state === 'viewed'

/** The largest thing on the page: what is offered, and by when an answer is needed. */
export function OfferCard({ offer }: { offer: Offer }): JSX.Element {
  const { t, i18n } = useTranslation('family')
  const words = useWords()
  const to = useTo()
  return (
    <Card
      as="article"
      strong
      title={<span className="kp-offer__title">{t('offer.title', { child: words.childLabel(offer.child.label) })}</span>}
      footer={<ButtonLink to={to(`/angebot/${offer.id}`)}>{t('offer.open')}</ButtonLink>}
    >
      <p className="kern-title kern-title--large">{offer.facility_name}</p>
      <p className="kern-body">{t('offer.line', { date: formatDate(offer.care_from, i18n.language), hours: offer.hours_per_week })}</p>
      {offer.week && <p className="kern-body">{weekText(offer.week, i18n.language)}</p>}
      {offer.better_than && <p className="kern-body">{t('betterOffer', { facility: offer.better_than })}</p>}
      <p className="kp-deadline">{t('offer.deadline')} <strong>{formatWeekday(offer.deadline_on, i18n.language)}</strong></p>
    </Card>
  )
}
