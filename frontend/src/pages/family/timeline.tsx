import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Demand } from '../../api/types'
import { formatDate } from '../../lib/dates'
import { Icon, VisuallyHidden } from '../../ui'

const STEPS = ['sent', 'confirmed', 'answers', 'offer', 'place'] as const
const REACHED: Partial<Record<Demand['state'], number>> = { submitted: 1, confirmed: 2, in_allocation: 2, offer_pending: 3, covered: 5, closed: 5 }

/** The way of a place as five steps: done, now, still to come; each in words as well. */
export function Timeline({ demand }: { demand: Demand }): JSX.Element | null {
  const { t, i18n } = useTranslation('family')
  const current = REACHED[demand.state]
  if (current === undefined) return null
  return (
    <ol className="kp-timeline" aria-label={t('timeline.label')}>
      {STEPS.map((step, index) => {
        const mark = index < current ? 'done' : index === current ? 'now' : 'todo'
        return (
          <li key={step} className={`kp-timeline__step is-${mark}`} aria-current={mark === 'now' ? 'step' : undefined}>
            <span className="kp-timeline__dot" aria-hidden="true">{mark === 'done' ? <Icon name="check" size={16} /> : index + 1}</span>
            <span className="kp-timeline__text">
              {t(`timeline.${step}`)}
              {step === 'sent' && demand.submitted_at && <span className="kp-small kp-muted"> {formatDate(demand.submitted_at, i18n.language)}</span>}
              <VisuallyHidden> ({t(`timeline.mark.${mark}`)})</VisuallyHidden>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
