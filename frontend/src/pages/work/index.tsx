import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, type RouteObject } from 'react-router'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { Area } from '../../staff'
import { BoardPage } from './board'
import { SurveyChildrenPage } from '../statistics/children'
import { SurveyChoice, SurveyPage } from '../statistics/entry'
import { FollowupsPage } from '../followups'
import { FacilitySwapsPage } from '../swaps/work'
import { AbsencesPage } from './absences'
import { BasisPage } from './basis'
import { CapacityChoice, CapacityPage } from './capacity'
import { ComparePage } from './compare'
import { StaffCareSheetPage } from '../care-sheet/staff'
import { ContractsPage } from './contracts'
import { TemplatePage } from '../contracts/template'
import { TemplatesPage } from '../contracts/templates'
import { WorkCriteriaPage, WorkCriteriaSetPage } from './criteria'
import { ForecastPage } from './forecast'
import { GroupBoardPage, GroupsChoice } from './groups'
import { ListsPage } from './lists'
import { OffersPage } from './offers'
import { OutcomePage } from './outcome'
import { PreferencesPage } from './preferences'
import { TodayPage } from './today'

function Frame(): JSX.Element {
  const { t } = useTranslation('work')
  const { t: criteria } = useTranslation('criteria')
  const { t: rounds } = useTranslation('rounds')
  const { t: followups } = useTranslation('followups')
  const { t: places } = useTranslation('places')
  const { t: inbox } = useTranslation('inbox')
  const { t: lists } = useTranslation('lists')
  const { t: swaps } = useTranslation('swaps')
  const { t: statistics } = useTranslation('statistics')
  const { t: menu } = useTranslation('menu')
  const to = useTo()
  return (
    <Area
      label={t('title')}
      groups={[
        { label: menu('today'), links: [{ to: to('/arbeit'), label: inbox('title'), end: true }] },
        { label: t('list.title'), links: [{ to: to('/arbeit/vormerkungen'), label: t('list.title') }] },
        { label: menu('allocation'), links: [
          { to: to('/arbeit/nachruecken'), label: followups('title') },
          { to: to('/arbeit/angebote'), label: t('offers.title') },
          { to: to('/arbeit/vergabe'), label: rounds('work.title') },
          { to: to('/arbeit/tausch'), label: swaps('title') },
          { to: to('/arbeit/kriterien'), label: criteria('title') },
        ] },
        { label: t('capacity.title'), links: [
          { to: to('/arbeit/kapazitaet'), label: t('capacity.title') },
          { to: to('/arbeit/vorschau'), label: places('forecast.title') },
        ] },
        { label: menu('care'), links: [
          { to: to('/arbeit/vertraege'), also: [to('/arbeit/vertragstexte')], label: t('contracts.title') },
          { to: to('/arbeit/gruppen'), label: places('board.title') },
          { to: to('/arbeit/listen'), label: lists('title') },
          { to: to('/arbeit/statistik'), label: statistics('title') },
        ] },
      ]}
    >
      <Outlet />
    </Area>
  )
}

function Templates(): JSX.Element {
  return <TemplatesPage base={useTo()('/arbeit/vertragstexte')} />
}

function Template(): JSX.Element {
  return <TemplatePage base={useTo()('/arbeit/vertragstexte')} />
}

export const routes: RouteObject[] = [{
  element: <Frame />,
  children: [
    { index: true, element: <TodayPage /> },
    { path: 'vormerkungen', element: <PreferencesPage /> },
    { path: 'vergleich', element: <ComparePage /> },
    { path: 'nachruecken', element: <FollowupsPage /> },
    { path: 'angebote', element: <OffersPage /> },
    { path: 'vergabe', element: <OutcomePage /> },
    { path: 'vergabe/:round/:facility', element: <BoardPage /> },
    { path: 'kapazitaet', element: <CapacityChoice /> },
    { path: 'kapazitaet/:facility', element: <CapacityPage /> },
    { path: 'kapazitaet/:facility/grundlagen', element: <BasisPage /> },
    { path: 'kapazitaet/:facility/vertretung', element: <AbsencesPage /> },
    { path: 'gruppen', element: <GroupsChoice /> },
    { path: 'gruppen/:facility', element: <GroupBoardPage /> },
    { path: 'vorschau', element: <ForecastPage /> },
    { path: 'vertraege', element: <ContractsPage /> },
    { path: 'vertragstexte', element: <Templates /> },
    { path: 'vertragstexte/:template', element: <Template /> },
    { path: 'tausch', element: <FacilitySwapsPage /> },
    { path: 'listen', element: <ListsPage /> },
    { path: 'listen/:facility/kind/:child', element: <StaffCareSheetPage /> },
    { path: 'statistik', element: <SurveyChoice /> },
    { path: 'statistik/:facility', element: <SurveyPage area="arbeit" /> },
    { path: 'statistik/:facility/kinder', element: <SurveyChildrenPage area="arbeit" /> },
    { path: 'kriterien', element: <WorkCriteriaPage /> },
    { path: 'kriterien/:set', element: <WorkCriteriaSetPage /> },
    { path: '*', element: <NotFound /> },
  ],
}]
