import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, type RouteObject } from 'react-router'
import { useTo } from '../../app/tenant'
import { Area } from '../../staff'
import { BoardPage } from './board'
import { FollowupsPage } from '../followups'
import { CapacityChoice, CapacityPage } from './capacity'
import { ComparePage } from './compare'
import { ContractsPage } from './contracts'
import { WorkCriteriaPage, WorkCriteriaSetPage } from './criteria'
import { InboxPage } from './inbox'
import { ListsPage } from './lists'
import { OffersPage } from './offers'
import { OutcomePage } from './outcome'
import { PreferencesPage } from './preferences'
import { QueuePage } from './queue'

function Frame(): JSX.Element {
  const { t } = useTranslation('work')
  const { t: criteria } = useTranslation('criteria')
  const { t: rounds } = useTranslation('rounds')
  const { t: followups } = useTranslation('followups')
  const { t: inbox } = useTranslation('inbox')
  const { t: lists } = useTranslation('lists')
  const to = useTo()
  return (
    <Area
      label={t('title')}
      links={[
        { to: to('/arbeit'), label: t('queue.title'), end: true },
        { to: to('/arbeit/heute'), label: inbox('title') },
        { to: to('/arbeit/vormerkungen'), label: t('list.title') },
        { to: to('/arbeit/nachruecken'), label: followups('title') },
        { to: to('/arbeit/angebote'), label: t('offers.title') },
        { to: to('/arbeit/vergabe'), label: rounds('work.title') },
        { to: to('/arbeit/kapazitaet'), label: t('capacity.title') },
        { to: to('/arbeit/vertraege'), label: t('contracts.title') },
        { to: to('/arbeit/listen'), label: lists('title') },
        { to: to('/arbeit/kriterien'), label: criteria('title') },
      ]}
    >
      <Outlet />
    </Area>
  )
}

export const routes: RouteObject[] = [{
  element: <Frame />,
  children: [
    { index: true, element: <QueuePage /> },
    { path: 'heute', element: <InboxPage /> },
    { path: 'vormerkungen', element: <PreferencesPage /> },
    { path: 'vergleich', element: <ComparePage /> },
    { path: 'nachruecken', element: <FollowupsPage /> },
    { path: 'angebote', element: <OffersPage /> },
    { path: 'vergabe', element: <OutcomePage /> },
    { path: 'vergabe/:round/:facility', element: <BoardPage /> },
    { path: 'kapazitaet', element: <CapacityChoice /> },
    { path: 'kapazitaet/:facility', element: <CapacityPage /> },
    { path: 'vertraege', element: <ContractsPage /> },
    { path: 'listen', element: <ListsPage /> },
    { path: 'kriterien', element: <WorkCriteriaPage /> },
    { path: 'kriterien/:set', element: <WorkCriteriaSetPage /> },
  ],
}]
