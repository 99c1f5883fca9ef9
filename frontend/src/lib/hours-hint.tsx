import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../ui'
import { hoursText, minutesOf, WEEKDAYS } from './week'

/** Says where five days with these times hold fewer hours than are wished; it holds nobody up. */
export function HoursHint({ hours, from, to }: { hours: number | null; from: string | null; to: string | null }): JSX.Element | null {
  const { t } = useTranslation()
  const most = from && to ? minutesOf(WEEKDAYS.map(() => ({ from, to }))) : 0
  if (!hours || most === 0 || hours * 60 <= most) return null
  return <Alert tone="warning" live title={t('hoursHint.title', { hours })}><p className="kern-body">{t('hoursHint.text', { from, to, most: hoursText(most).replace(':00', '') })}</p></Alert>
}
