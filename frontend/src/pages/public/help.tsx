import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { ContactLines } from '../../app/contact'
import { useTenant, useTo } from '../../app/tenant'
import { Link, Page, Section } from '../../ui'

const QUESTIONS = ['when', 'wishes', 'claim', 'wait', 'offer', 'refused', 'unborn', 'mail', 'noMail', 'staff'] as const

export default function Help(): JSX.Element {
  const { t } = useTranslation('help')
  const tenant = useTenant()
  const to = useTo()
  const names = { months: tenant.notice_period_months, count: tenant.max_preferences, office: tenant.office_name }
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Section title={t('wordsTitle')}>
        <dl className="kp-stack">
          {(['demand', 'preference', 'claim', 'band'] as const).map((word) => (
            <div key={word}><dt className="kern-title kern-title--small">{t(`words.${word}.term`)}</dt><dd className="kern-body">{t(`words.${word}.text`)}</dd></div>
          ))}
        </dl>
      </Section>
      <Section title={t('questionsTitle')}>
        {QUESTIONS.map((question) => (
          <details className="kp-details" key={question}>
            <summary>{t(`questions.${question}.title`)}</summary>
            <p className="kern-body">{t(`questions.${question}.text`, names)}</p>
          </details>
        ))}
      </Section>
      <Section title={t('contactTitle')}>
        <ContactLines />
        <p className="kern-body"><Link to={to('/recht/accessibility')}>{t('accessibility')}</Link></p>
      </Section>
    </Page>
  )
}
