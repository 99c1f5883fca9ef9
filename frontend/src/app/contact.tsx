import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from './tenant'

/** Whom to call or write to; leaves out what the municipality has not given. */
export function ContactLines(): JSX.Element {
  const { t } = useTranslation()
  const { office_name: office, contact } = useTenant()
  return (
    <ul className="kp-plain-list kern-body">
      <li>{office}</li>
      {contact.phone && <li>{t('contact.phone')} <a className="kern-link" href={`tel:${contact.phone.replace(/[^+\d]/g, '')}`}>{contact.phone}</a></li>}
      {contact.email && <li>{t('contact.email')} <a className="kern-link" href={`mailto:${contact.email}`}>{contact.email}</a></li>}
    </ul>
  )
}
