import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { Presence as Present } from '../../api/types'
import { Icon, Section } from '../../ui'
import { useFormat } from '../../staff'
import { weekdaySpan } from '../../lib/week'

/** Who is at a childminder's at the same time, over a usual week of this month: a picture and a table in one. */
export function Presence({ presence }: { presence: Present }): JSX.Element {
  const { t, i18n } = useTranslation('places')
  const format = useFormat()
  return (
    <Section title={t('presence.title')}>
      <p className="kern-body">
        {t('presence.children', { count: presence.children })} {t('presence.atOnce', { count: presence.at_once })}
        {presence.contracts_total !== null && presence.contracts_left !== null && ` ${t('presence.contracts', { total: presence.contracts_total, count: Math.max(0, presence.contracts_left) })}`}
        {presence.week.length > 0 && presence.all_day > 0 && ` ${t('presence.allDay', { count: presence.all_day })}`}
      </p>
      <p className="kern-body kp-muted">{presence.week.length > 0 ? t('presence.share') : t('presence.noTimes')}</p>
      {presence.week.map(({ weekdays, times }) => {
        const span = weekdaySpan(weekdays, i18n.language, t('presence.to'), 'long')
        return (
          <div key={span} className="kp-stack kp-stack--small">
            <h3 className="kern-title kern-title--small">{span}</h3>
            <table className="kp-dense">
              <caption className="kern-sr-only">{t('presence.on', { days: span })}</caption>
              <thead><tr><th scope="col">{t('presence.time')}</th><th scope="col">{t('presence.there')}</th></tr></thead>
              <tbody>
                {times.map((step) => (
                  <tr key={step.from}>
                    <th scope="row" className="kp-num">{format.window(step.from, step.to)}</th>
                    <td data-label={t('presence.there')}>
                      <span className="kp-row">
                        <span className="kp-num">{step.children}</span>
                        <span aria-hidden="true">{Array.from({ length: step.children }, (_, n) => <Icon key={n} name="person" />)}</span>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      })}
    </Section>
  )
}
