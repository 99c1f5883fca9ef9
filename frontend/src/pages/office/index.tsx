import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, type RouteObject } from 'react-router'
import { useGet } from '../../api/hooks'
import type { OfficeOverview } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { Area } from '../../staff'
import { PlanningPage } from '../planning'
import { PlanningBasisPage } from '../planning/basis'
import { FollowupDemandsPage } from '../aftercare/office'
import { OtherEndsPage } from '../aftercare/rule'
import { GuestsPage, MoversPage } from '../residence/lists'
import { FeesPage } from '../fees/office'
import { StatisticsPage } from '../statistics'
import { SurveyChildrenPage } from '../statistics/children'
import { SurveyPage } from '../statistics/entry'
import { FollowupsPage } from '../followups'
import { OfficeSwapsPage } from '../swaps/office'
import { ForecastPage } from '../work/forecast'
import { AbsencesPage } from '../work/absences'
import { UncoveredAbsencesPage } from './absences'
import { DeviationsPage } from './deviations'
import { OfficeCopyPage } from './copy'
import { FamilyAccessPage } from './access-files'
import { DemandPage } from './demand'
import { DemandsPage } from './demands'
import { CaseFilePage } from './file'
import { RegisterPage } from './file/register'
import { IntakePage } from './intake'
import { DeadLettersPage, LettersPage, SilentPage } from './post'
import { NoticesPage } from './notices/list'
import { NoticePage } from './notices/notice'
import { NoticeTemplatesPage } from './notices/templates'
import { OverviewPage } from './overview'
import { useMayWrite } from './rights'
import { CasesPage } from './rounds/cases'
import { EditRoundPage, NewRoundPage } from './rounds/form'
import { RoundsPage } from './rounds/list'
import { RoundPage } from './rounds/round'
import { SimulationPage } from './rounds/simulation'

function Frame(): JSX.Element {
  const { t } = useTranslation('office')
  const { t: rounds } = useTranslation('rounds')
  const { t: planning } = useTranslation('planning')
  const { t: fees } = useTranslation('fees')
  const { t: followups } = useTranslation('followups')
  const { t: after } = useTranslation('aftercare')
  const { t: residence } = useTranslation('residence')
  const { t: swaps } = useTranslation('swaps')
  const { t: places } = useTranslation('places')
  const { t: notices } = useTranslation('notices')
  const { t: file } = useTranslation('file')
  const { t: menu } = useTranslation('menu')
  const { t: claims } = useTranslation('claims')
  const { t: statistics } = useTranslation('statistics')
  const to = useTo()
  const mayWrite = useMayWrite()
  const { data } = useGet<OfficeOverview>('/office/overview', undefined, { staleTime: 60_000 })
  return (
    <Area
      label={t('title')}
      groups={[
        { label: menu('today'), links: [{ to: to('/amt'), also: [to('/amt/vertretungen')], label: t('overview.title'), end: true }] },
        { label: menu('demands'), links: [
          { to: to('/amt/bedarfe'), also: [to('/amt/kinder'), to('/amt/auskunft')], label: t('demands.title'), count: data?.to_confirm ?? 0 },
          ...(mayWrite ? [{ to: to('/amt/aufnahme'), label: t('intake.title') }] : []),
          { to: to('/amt/zugang'), label: claims('page.title') },
          { to: to('/amt/melderegister'), label: file('register.title') },
          { to: to('/amt/gastkinder'), label: residence('guests.title') },
          { to: to('/amt/zuzug'), label: residence('movers.title') },
        ] },
        { label: menu('allocation'), links: [
          { to: to('/amt/vergabe'), label: rounds('title') },
          { to: to('/amt/nachruecken'), also: [to('/amt/abweichungen')], label: followups('title') },
          { to: to('/amt/anschluss'), label: after('office.title') },
          { to: to('/amt/schulbeginn'), label: after('rule.title') },
          { to: to('/amt/tausch'), label: swaps('title') },
          { to: to('/amt/kitas-ohne-antwort'), label: t('silent.title'), count: data?.silent_facilities ?? 0 },
        ] },
        { label: menu('planning'), links: [
          { to: to('/amt/planung'), label: planning('title') },
          { to: to('/amt/vorschau'), label: places('forecast.title') },
          { to: to('/amt/statistik'), label: statistics('title') },
        ] },
        { label: menu('notices'), links: [
          { to: to('/amt/bescheide'), also: [to('/amt/bescheid-vorlagen')], label: notices('title') },
          { to: to('/amt/beitraege'), label: fees('office.title') },
        ] },
        { label: menu('post'), links: [
          { to: to('/amt/briefe'), label: t('letters.title'), count: data?.letters_to_print ?? 0 },
          { to: to('/amt/unzustellbar'), label: t('dead.title'), count: data?.dead_letters ?? 0 },
        ] },
      ]}
    >
      <Outlet />
    </Area>
  )
}

export const routes: RouteObject[] = [{
  element: <Frame />,
  children: [
    { index: true, element: <OverviewPage /> },
    { path: 'bedarfe', element: <DemandsPage /> },
    { path: 'bedarfe/:demand', element: <DemandPage /> },
    { path: 'abweichungen', element: <DeviationsPage /> },
    { path: 'auskunft/:guardian', element: <OfficeCopyPage /> },
    { path: 'aufnahme', element: <IntakePage /> },
    { path: 'vergabe', element: <RoundsPage /> },
    { path: 'vergabe/neu', element: <NewRoundPage /> },
    { path: 'vergabe/:round', element: <RoundPage /> },
    { path: 'vergabe/:round/aendern', element: <EditRoundPage /> },
    { path: 'vergabe/:round/faelle', element: <CasesPage /> },
    { path: 'vergabe/:round/kriterien-vergleich', element: <SimulationPage /> },
    { path: 'nachruecken', element: <FollowupsPage /> },
    { path: 'tausch', element: <OfficeSwapsPage /> },
    { path: 'anschluss', element: <FollowupDemandsPage /> },
    { path: 'schulbeginn', element: <OtherEndsPage /> },
    { path: 'gastkinder', element: <GuestsPage /> },
    { path: 'zuzug', element: <MoversPage /> },
    { path: 'planung', element: <PlanningPage /> },
    { path: 'planung/grundlagen', element: <PlanningBasisPage /> },
    { path: 'statistik', element: <StatisticsPage /> },
    { path: 'statistik/:facility', element: <SurveyPage area="amt" /> },
    { path: 'statistik/:facility/kinder', element: <SurveyChildrenPage area="amt" /> },
    { path: 'beitraege', element: <FeesPage /> },
    { path: 'vorschau', element: <ForecastPage /> },
    { path: 'kinder/:child', element: <CaseFilePage /> },
    { path: 'zugang', element: <FamilyAccessPage /> },
    { path: 'melderegister', element: <RegisterPage /> },
    { path: 'bescheide', element: <NoticesPage /> },
    { path: 'bescheide/:notice', element: <NoticePage /> },
    { path: 'bescheid-vorlagen', element: <NoticeTemplatesPage /> },
    { path: 'kitas-ohne-antwort', element: <SilentPage /> },
    { path: 'vertretungen', element: <UncoveredAbsencesPage /> },
    { path: 'vertretungen/:facility', element: <AbsencesPage area="amt" /> },
    { path: 'unzustellbar', element: <DeadLettersPage /> },
    { path: 'briefe', element: <LettersPage /> },
    { path: '*', element: <NotFound /> },
  ],
}]
