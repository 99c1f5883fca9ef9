import { useEffect, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useParams, type RouteObject } from 'react-router'
import { useGet } from '../../api/hooks'
import type { Demand, Family } from '../../api/types'
import { NotFound } from '../../app/states'
import { ErrorState, Page, Skeleton } from '../../ui'
import { CheckPage } from './check'
import { DemandScope, useDemand } from './frame'
import { CareQuestion, ChildQuestion, ClaimQuestion, SituationQuestion, StartQuestion, TimesQuestion } from './questions'
import { SentPage } from './sent'
import { StatusPage } from './status'
import { TasksPage } from './tasks'
import { WishesPage } from './wishes'

function Loaded(): JSX.Element {
  const { t } = useTranslation('demand')
  const { demand: id = '' } = useParams()
  const demand = useGet<Demand>(`/demands/${encodeURIComponent(id)}`)
  const family = useGet<Family>('/family')
  const failed = demand.error ?? family.error
  useEffect(() => { window.scrollTo(0, 0) }, [id])
  if (failed?.status === 404) return <NotFound />
  // Once an answer was typed a failed refresh must not take the page away.
  if (failed && (!demand.data || !family.data)) return <ErrorState problem={failed} onRetry={() => { void demand.refetch(); void family.refetch() }} />
  if (!demand.data || !family.data) return <Page title={t('loading')}><Skeleton blocks={2} lines={4} /></Page>
  return <DemandScope key={id} demand={demand.data} family={family.data}><Outlet /></DemandScope>
}

function Overview(): JSX.Element {
  const { demand } = useDemand()
  return demand.state === 'draft' ? <TasksPage /> : <StatusPage />
}
/** Pages that make sense before sending only. */
function DraftOnly({ children }: { children: JSX.Element }): JSX.Element {
  const { demand, base } = useDemand()
  return demand.state === 'draft' ? children : <Navigate replace to={base} />
}
/** Pages that change answers, as long as the demand may be changed. */
function Editable({ children }: { children: JSX.Element }): JSX.Element {
  const { demand, base } = useDemand()
  return demand.state === 'draft' || demand.editable ? children : <Navigate replace to={base} />
}
function Sent(): JSX.Element {
  const { demand, base } = useDemand()
  return demand.state === 'draft' ? <Navigate replace to={base} /> : <SentPage />
}

export const routes: RouteObject[] = [
  {
    element: <Loaded />,
    children: [
      { index: true, element: <Overview /> },
      { path: 'kind', element: <ChildQuestion /> },
      { path: 'betreuung', element: <DraftOnly><CareQuestion /></DraftOnly> },
      { path: 'betreuung/beginn', element: <Editable><StartQuestion /></Editable> },
      { path: 'betreuung/zeiten', element: <Editable><TimesQuestion /></Editable> },
      { path: 'wuensche', element: <Editable><WishesPage /></Editable> },
      { path: 'situation', element: <Editable><SituationQuestion /></Editable> },
      { path: 'situation/anspruch', element: <DraftOnly><ClaimQuestion /></DraftOnly> },
      { path: 'pruefen', element: <Sending><CheckPage /></Sending> },
      { path: 'gesendet', element: <Sent /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]

/** The check page leads on by itself after sending, so it stays while that happens. */
function Sending({ children }: { children: JSX.Element }): JSX.Element {
  const { demand, base } = useDemand()
  return demand.state === 'draft' ? children : <Navigate replace to={`${base}/gesendet`} />
}
