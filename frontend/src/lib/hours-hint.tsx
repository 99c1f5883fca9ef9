import { Suspense, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Alert } from '../ui'
import { hoursText, minutesOf, WEEKDAYS } from './week'

type Times = { hours: number | null; from: string | null; to: string | null }

/** Says where five days with these times hold fewer hours than are wished; it holds nobody up. */
export function HoursHint({ hours, from, to }: Times): JSX.Element | null {
  const most = from && to ? minutesOf(WEEKDAYS.map(() => ({ from, to }))) : 0
  if (!hours || most === 0 || hours * 60 <= most) return null
  // Its words come when it is needed, and the form around it stays meanwhile.
  return <Suspense fallback={null}><Hint hours={hours} from={from} to={to} most={most} /></Suspense>
}

function Hint({ most, ...times }: Times & { most: number }): JSX.Element {
  const { t } = useTranslation('hours')
  return <Alert tone="warning" live title={t('title', { hours: times.hours })}><p className="kern-body">{t('text', { from: times.from, to: times.to, most: hoursText(most).replace(':00', '') })}</p></Alert>
}
