import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useParams } from 'react-router'
import { useGet, useRefresh } from '../../api/hooks'
import type { SurveyForm } from '../../api/statistics-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Alert, EmptyState, ErrorState, Link, Page, Section, Skeleton } from '../../ui'
import { useAddress, useUndo } from '../../staff'
import { HouseForm } from './house'
import { useYear, YearChoice } from './year'

/** The form is the same at work and in the office; only the way back differs. */
type Area = 'arbeit' | 'amt'

function Missing({ form }: { form: SurveyForm }): JSX.Element {
  const { t } = useTranslation('statistics')
  if (form.missing.length === 0) return <Alert tone="success" title={t('entry.complete')} />
  return (
    <Alert tone="warning" title={t('entry.missing')}>
      <ul>{form.missing.map((finding) => <li key={finding}>{t(`missing.${finding}`)}</li>)}</ul>
    </Alert>
  )
}

/** What a facility or childminder enters for the statistics of a key date. */
export function SurveyPage({ area }: { area: Area }): JSX.Element {
  const { t, i18n } = useTranslation('statistics')
  const { facility = '' } = useParams()
  const to = useTo()
  const year = useYear()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const path = `/staff/facilities/${facility}/survey`
  const query = useGet<SurveyForm>(path, { year })
  const form = query.data
  const on = (day: string): string => formatDate(day, i18n.language)
  const children: ReactNode = form && (
    <Section title={t('children.title')}>
      <p className="kern-body">{t('children.text')}</p>
      {form.children > 0
        ? <p><Link to={to(`/${area}/statistik/${facility}/kinder?year=${year}`)}>{t('children.open', { count: form.children })}</Link></p>
        : <p className="kern-body">{t('missing.no_children')}</p>}
    </Section>
  )
  return (
    <Page title={form ? t('entry.titleOf', { name: form.name }) : t('entry.title')} lead={t('entry.lead')} width="full" back={{ to: to(`/${area}/statistik?year=${year}`), label: t('title') }}>
      <YearChoice />
      {query.isPending && <Skeleton blocks={3} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {form && (
        <>
          {form.prefilled_from && <Alert tone="info" title={t('entry.prefilled', { date: on(form.prefilled_from) })}>{t('entry.prefilledText')}</Alert>}
          <Missing form={form} />
          {children}
          <HouseForm key={year} path={`${path}?year=${year}`} form={form} onSaved={async () => { offer(t('entry.saved')); await refresh('/staff', '/office/statistics') }} />
        </>
      )}
      {bar}
    </Page>
  )
}

/** The own facilities; with one there is nothing to choose. */
export function SurveyChoice(): JSX.Element {
  const { t } = useTranslation('statistics')
  const { t: work } = useTranslation('work')
  const to = useTo()
  const { text } = useAddress()
  const query = useGet<Items<MyFacility>>('/staff/facilities')
  const items = query.data?.items ?? []
  const place = (id: string): string => to(`/arbeit/statistik/${id}${text ? `?${text}` : ''}`)
  if (items.length === 1 && items[0]) return <Navigate replace to={place(items[0].id)} />
  return (
    <Page title={t('title')} lead={t('entry.lead')} width="full">
      {query.isPending && <Skeleton lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && <EmptyState title={work('queue.noFacility')}>{work('queue.noFacilityText')}</EmptyState>}
      <ul className="kp-plain-list kp-stack">{items.map((facility) => <li key={facility.id}><Link to={place(facility.id)}>{facility.name}</Link></li>)}</ul>
    </Page>
  )
}
