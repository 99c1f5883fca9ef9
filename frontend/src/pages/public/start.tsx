import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { CareType } from '../../api/types'
import { ContactLines } from '../../app/contact'
import { homeOf, useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Actions, Button, ButtonLink, Page, Section, Select } from '../../ui'
import { PlaceField, placeParams, type PlaceChoice } from './place-field'

const CARE_TYPES: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']

export default function Start(): JSX.Element {
  const { t } = useTranslation('public')
  const words = useWords()
  const tenant = useTenant()
  const { session } = useSession()
  const to = useTo()
  const navigate = useNavigate()
  const [place, setPlace] = useState<PlaceChoice>({ text: '', params: {} })
  const [careType, setCareType] = useState<CareType | ''>('')
  const search = (event: FormEvent) => {
    event.preventDefault()
    const params = new URLSearchParams({ ...placeParams(place), ...(careType ? { care_type: careType } : {}) })
    void navigate(`${to('/suche')}?${params.toString()}`)
  }
  const account = session.account
  return (
    <Page title={t('start.title', { name: tenant.name })} lead={t('start.lead')} width="wide">
      {account && (
        <div className="kp-panel kp-row kp-row--between">
          <p className="kern-body">{t('start.signedIn')}</p>
          <ButtonLink kind="secondary" to={to(homeOf(session))}>{account.kind === 'parent' ? t('start.toFamily') : t('start.toWork')}</ButtonLink>
        </div>
      )}
      <form className="kp-panel kp-search-form" role="search" onSubmit={search} noValidate>
        <h2 className="kern-heading-medium">{t('start.searchTitle')}</h2>
        <div className="kp-form__pair">
          <PlaceField value={place} onChange={setPlace} />
          <Select id="care_type" label={t('search.careType')} hint={t('search.careHint')} optional="filter" value={careType} onChange={setCareType} empty={t('search.anyCareType')} options={CARE_TYPES.map((value) => ({ value, label: words.careType(value) }))} />
        </div>
        <Actions><Button type="submit" icon="search">{t('search.submit')}</Button></Actions>
      </form>
      <Section title={t('start.stepsTitle')}>
        <ol className="kp-steps">
          {(['search', 'register', 'answer', 'decide'] as const).map((step) => (
            <li key={step}><strong className="kern-title kern-title--small">{t(`start.steps.${step}.title`)}</strong><p className="kern-body">{t(`start.steps.${step}.text`, { count: tenant.max_preferences, months: tenant.notice_period_months })}</p></li>
          ))}
        </ol>
      </Section>
      {!account && (
        <Section title={t('start.demandTitle')}>
          <p className="kern-body">{t('start.demandText', { office: tenant.office_name })}</p>
          <Actions>
            <ButtonLink to={to('/registrieren')}>{t('start.register')}</ButtonLink>
            <ButtonLink kind="secondary" to={to('/anmelden')}>{t('start.signIn')}</ButtonLink>
          </Actions>
        </Section>
      )}
      <Section title={t('start.contactTitle')}>
        <ContactLines />
      </Section>
    </Page>
  )
}
