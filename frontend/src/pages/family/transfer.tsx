import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Child, Demand } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate, today } from '../../lib/dates'
import { Actions, Button, ButtonLink, ProblemView, Section } from '../../ui'
import { useChildName } from './child-name'

/** The place that a child has, and the ways on from there: another place without risk, or one for later. */
export function PlaceOfChild({ child }: { child: Child }): JSX.Element | null {
  const { t, i18n } = useTranslation('transfer')
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const nameOf = useChildName()
  const { key } = useIdempotencyKey()
  const start = useSend(async (transfer: boolean) => {
    const made = await api.post<Demand>('/demands', { child_id: child.id, transfer }, { idempotencyKey: key() })
    await refresh('/demands', '/family')
    void navigate(to(`/bedarf/${made.id}`))
  })
  const { place } = child
  if (!place) return null
  const gaps = { child: nameOf(child), facility: place.facility_name, date: formatDate(place.care_from, i18n.language) }
  return (
    <Section title={t('title')}>
      <p className="kern-body">{t(place.care_from <= today() ? 'hasSince' : 'has', gaps)}</p>
      {child.may_transfer && (
        <>
          <p className="kern-body">{t('safe')}</p>
          <ProblemView problem={start.error} />
          <Actions><Button kind="secondary" busy={start.busy} onClick={() => void start.run(true)}>{t('start')}</Button></Actions>
        </>
      )}
      {!child.may_transfer && child.demand_id && (
        <>
          <p className="kern-body">{t('running')}</p>
          <Actions><ButtonLink kind="secondary" to={to(`/bedarf/${child.demand_id}`)}>{t('open')}</ButtonLink></Actions>
        </>
      )}
      {!child.demand_id && (
        <>
          <p className="kern-body">{t('later')}</p>
          <Actions><Button kind="secondary" busy={start.busy} onClick={() => void start.run(false)}>{t('startLater')}</Button></Actions>
        </>
      )}
    </Section>
  )
}
