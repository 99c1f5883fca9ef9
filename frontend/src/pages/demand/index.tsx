import { useEffect, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useParams, type RouteObject } from 'react-router'
import { useGet } from '../../api/hooks'
import type { Demand, Family } from '../../api/types'
import { lazyPage } from '../../app/area'
import { NotFound } from '../../app/states'
import { ErrorState, Page, Skeleton } from '../../ui'
import { DemandScope, useDemand } from './frame'
import { TasksPage } from './tasks'

const questions = () => import('./questions')
const wishes = () => import('./wishes')
const check = () => import('./check')
const sent = () => import('./sent')
const ChildQuestion = lazyPage(async () => ({ default: (await questions()).ChildQuestion }))
const CareQuestion = lazyPage(async () => ({ default: (await questions()).CareQuestion }))
const StartQuestion = lazyPage(async () => ({ default: (await questions()).StartQuestion }))
const TimesQuestion = lazyPage(async () => ({ default: (await questions()).TimesQuestion }))
const SituationQuestion = lazyPage(async () => ({ default: (await questions()).SituationQuestion }))
const ClaimQuestion = lazyPage(async () => ({ default: (await questions()).ClaimQuestion }))
const WishesPage = lazyPage(async () => ({ default: (await wishes()).WishesPage }))
const CheckPage = lazyPage(async () => ({ default: (await check()).CheckPage }))
const SentPage = lazyPage(async () => ({ default: (await sent()).SentPage }))
const MoveStartPage = lazyPage(async () => ({ default: (await import('./move-start')).MoveStartPage }))
const StatusPage = lazyPage(async () => ({ default: (await import('./status')).StatusPage }))

function Loaded(): JSX.Element {
  const { t } = useTranslation('demand')
  const { demand: id = '' } = useParams()
  const demand = useGet<Demand>(`/demands/${encodeURIComponent(id)}`)
  const family = useGet<Family>('/family')
  const failed = demand.error ?? family.error
  useEffect(() => { window.scrollTo(0, 0) }, [id])
  // The way on is fetched once the first page stands, so that it is there when the connection is not.
  useEffect(() => {
    const timer = setTimeout(() => { for (const load of [questions, wishes, check, sent]) load().catch(() => undefined) }, 3000)
    return () => clearTimeout(timer)
  }, [])
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
      { path: 'beginn', element: <MoveStartPage /> },
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
