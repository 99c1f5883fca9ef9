import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { FacilityDetail } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { addressOf, languageName } from '../../lib/text'
import { useWords } from '../../lib/words'
import { ErrorState, ExternalLink, Facts, Page, Section, Skeleton, type Fact } from '../../ui'
import { NotFound } from '../../app/states'
import { AvailabilityView } from './availability'
import { CapacityPicture } from './capacity-picture'
import { useAgeText, WishButton } from './facility-card'

const webAddress = (text: string): string => (/^https?:\/\//i.test(text) ? text : `https://${text}`)

function useFacts(facility: FacilityDetail): Fact[] {
  const { t, i18n } = useTranslation('public')
  const { t: common } = useTranslation()
  const words = useWords()
  const ageText = useAgeText()(facility.age_from_months, facility.age_to_months)
  const facts: Fact[] = []
  const add = (id: string, term: string, value: Fact['value'] | null | undefined | false) => {
    if (value) facts.push({ id, term, value })
  }
  const yesNo = (value: boolean | null) => (value === null ? null : common(value ? 'form.yes' : 'form.no'))
  add('kind', t('facility.kind'), facility.kind && words.facilityKind(facility.kind))
  add('care', t('facility.careTypes'), facility.care_types.map((type) => words.careType(type)).join(', '))
  add('provider', t('facility.provider'), facility.provider_name && [facility.provider_name, facility.provider_kind && words.providerKind(facility.provider_kind)].filter(Boolean).join(', '))
  add('address', t('facility.address'), addressOf(facility))
  add('district', t('facility.district'), facility.district)
  add('hours', t('facility.hours'), facility.opens_at && facility.closes_at && t('result.hours', { from: facility.opens_at, to: facility.closes_at }))
  add('age', t('facility.age'), ageText)
  add('concept', t('facility.concept'), facility.concepts.join(', '))
  add('languages', t('facility.languages'), facility.languages.map((code) => languageName(code, i18n.language)).join(', '))
  add('denomination', t('facility.denomination'), facility.denomination)
  add('inclusive', t('facility.inclusive'), yesNo(facility.inclusive))
  add('barrier', t('facility.barrierFree'), yesNo(facility.barrier_free))
  add('phone', t('facility.phone'), facility.phone && <a className="kern-link" href={`tel:${facility.phone.replace(/[^+\d]/g, '')}`}>{facility.phone}</a>)
  add('mail', t('facility.mail'), facility.contact_email && <a className="kern-link" href={`mailto:${facility.contact_email}`}>{facility.contact_email}</a>)
  add('website', t('facility.website'), facility.website && <ExternalLink href={webAddress(facility.website)}>{facility.website.replace(/^https?:\/\//, '')}</ExternalLink>)
  add('substitute', t('facility.substitute'), facility.substitute?.name ?? null)
  add('reply', t('facility.reply'), facility.median_reply_days !== null && t('facility.replyDays', { count: facility.median_reply_days }))
  return facts
}

function FacilityPage({ facility, back }: { facility: FacilityDetail; back: string }): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const facts = useFacts(facility)
  return (
    <Page title={facility.name} back={{ to: back, label: t('facility.back') }} width="wide">
      <div className="kp-panel kp-facility__top">
        <AvailabilityView value={facility.availability} />
        <WishButton id={facility.id} name={facility.name} />
      </div>
      {facility.description && <p className="kern-body kp-lines">{facility.description}</p>}
      <Section title={t('facility.about')}><Facts items={facts} /></Section>
      <Section title={t('capacity.title')}><CapacityPicture capacity={facility.capacity} /></Section>
      {facility.closing_days.length > 0 && (
        <Section title={t('facility.closingDays')}>
          <ul className="kern-body kp-list">{facility.closing_days.map((day) => <li key={day.day}>{formatDate(day.day, i18n.language)}{day.note && ` – ${day.note}`}</li>)}</ul>
        </Section>
      )}
      {facility.source?.attribution && (
        <Section title={t('source.title')}>
          <p className="kern-body">{t('source.line', { attribution: facility.source.attribution, licence: facility.source.licence ?? '–', date: facility.source.data_as_of ?? '–' })}</p>
        </Section>
      )}
    </Page>
  )
}

export default function Facility(): JSX.Element {
  const { t } = useTranslation('public')
  const { facility: id = '' } = useParams()
  const to = useTo()
  const { search } = useLocation()
  const query = useGet<FacilityDetail>(`/facilities/${encodeURIComponent(id)}`, Object.fromEntries(['birth_date', 'start'].map((key) => [key, new URLSearchParams(search).get(key)])))
  if (query.error?.status === 404) return <NotFound />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Page title={t('facility.loading')}><Skeleton blocks={2} lines={5} /></Page>
  return <FacilityPage key={id} facility={query.data} back={`${to('/suche')}${search}`} />
}
