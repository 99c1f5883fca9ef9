import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { PoolOutcome } from '../../api/round-types'
import { useFormat } from '../../staff'

/** Which of the places are free later only, and which have care of how many hours. */
export function PoolParts({ pool }: { pool: Pick<PoolOutcome, 'starts' | 'hours'> }): JSX.Element {
  const { t } = useTranslation('rounds')
  const format = useFormat()
  return (
    <>
      {pool.starts.length > 0 && (
        <p className="kern-body kp-muted">{t('work.starts', { list: pool.starts.map((start) => t('work.start', { count: start.places, month: format.month(start.from_month) })).join(', ') })}</p>
      )}
      {pool.hours.length > 1 && (
        <p className="kern-body kp-muted">{t('work.hours', { list: pool.hours.map((of) => t('work.ofHours', { count: of.places, hours: of.hours })).join(', ') })}</p>
      )}
    </>
  )
}
