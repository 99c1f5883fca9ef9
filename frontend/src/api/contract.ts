import type { components } from './schema'
import type * as A from './absence-types'
import type * as D from './dashboard-types'
import type * as E from './fee-types'
import type * as F from './followup-types'
import type * as P from './places-types'
import type * as I from './inbox-types'
import type * as N from './notice-types'
import type * as M from './mandate-types'
import type * as S from './setup-types'
import type * as V from './privacy-types'
import type * as R from './round-types'
import type * as T from './types'

// The pages' shapes held against the generated contract: a renamed or dropped field fails the type check here.
// The contract marks what may be null as optional as well; the server always sends it.
type Filled<V> = V extends (infer I)[] ? Filled<I>[] : V extends object ? { [K in keyof V]-?: Filled<Exclude<V[K], undefined>> } : V
type Sent<N extends keyof components['schemas']> = Filled<components['schemas'][N]>
type Holds<Server extends Page, Page> = [Server, Page]

export type Contract = [
  Holds<Sent<'TenantBody'>, T.Tenant>,
  Holds<Sent<'TenantItem'>, T.TenantListItem>,
  Holds<Sent<'SessionBody'>, T.Session>,
  Holds<Sent<'SessionItem'>, T.SessionListItem>,
  Holds<Sent<'SecondFactorStart'>, T.SecondFactorSetup>,
  Holds<Sent<'StaffBody'>, T.StaffAccount>,
  Holds<Sent<'InvitationBody'>, T.Invitation>,
  Holds<Sent<'FamilyBody'>, T.Family>,
  Holds<Sent<'Mandates'>, T.Items<M.Mandate>>,
  Holds<Sent<'Setup'>, S.Setup>,
  Holds<Sent<'Holidays'>, S.Holidays>,
  Holds<Sent<'AuditChain'>, T.AuditChain>,
  Holds<Sent<'ChildBody'>, T.Child>,
  Holds<Sent<'Markers'>, T.FacilityMarkers>,
  Holds<Sent<'Suggestions'>, T.Items<T.PlaceSuggestion>>,
  Holds<Sent<'ClosingDays'>, T.Items<T.ClosingDay>>,
  Holds<Sent<'MyFacilities'>, T.Items<T.MyFacility>>,
  Holds<Sent<'FacilityDetail'>, T.FacilityDetail>,
  Holds<Sent<'SearchResult'>, T.FacilitySearch>,
  Holds<Sent<'CapacityBody'>, T.Capacity>,
  Holds<Sent<'ProviderBody'>, T.Provider>,
  Holds<Sent<'ListedFacility'>, T.ListedFacility>,
  Holds<Sent<'CriteriaBody'>, T.Items<T.Criterion>>,
  // Evidence is a plain string in the contract, and a preference of a draft has a state that no page shows.
  Holds<Omit<Sent<'Demand'>, 'facts' | 'preferences'>, Omit<T.Demand, 'facts' | 'preferences'>>,
  Holds<Omit<Sent<'PreferenceBody'>, 'state'>, Omit<T.Preference, 'state'>>,
  Holds<Sent<'HistoryBody'>, T.Items<T.HistoryItem>>,
  // Offers are shown from their sending on.
  Holds<Omit<Sent<'OfferBody'>, 'sent_at'>, Omit<T.Offer, 'sent_at'>>,
  Holds<Sent<'ContractBody'>, T.Contract>,
  Holds<Sent<'AdminCriterionBody'>, T.AdminCriterion>,
  Holds<Sent<'OfficeOverview'>, T.OfficeOverview>,
  Holds<Omit<Sent<'OfficeDashboard'>, 'claims'>, Omit<D.OfficeDashboard, 'claims'>>,
  Holds<Sent<'OfficeDemand'>, T.OfficeDemand>,
  Holds<Pick<Sent<'OfficeDemandDetail'>, 'guardians' | 'address' | 'address_protected' | 'has_account' | 'unanswered' | 'evidence' | 'history'>, Pick<T.OfficeDemandDetail, 'guardians' | 'address' | 'address_protected' | 'has_account' | 'unanswered' | 'evidence' | 'history'>>,
  Holds<Sent<'AbsencesBody'>, A.Absences>,
  Holds<Sent<'SilentFacilities'>, T.Items<T.SilentFacility>>,
  Holds<Sent<'RoundSummary'>, R.RoundSummary>,
  Holds<Sent<'RoundBody'>, R.Round>,
  Holds<R.RoundInput, components['schemas']['NewRound']>,
  Holds<Sent<'ReportBody'>, R.ReportOfRun>,
  Holds<Sent<'SimulationBody'>, R.Simulation>,
  Holds<Sent<'CaseBody'>, R.RoundCase>,
  Holds<Sent<'CaseDetailBody'>, R.CaseDetail>,
  Holds<Sent<'DeviationBody'>, R.Deviation>,
  Holds<R.DeviationInput, components['schemas']['NewDeviation']>,
  Holds<Sent<'VacancyBody'>, F.Vacancy>,
  Holds<Sent<'FollowupListBody'>, F.FollowupList>,
  Holds<Sent<'FollowupOffered'>, F.FollowupOffered>,
  Holds<F.FollowupInput, components['schemas']['NewFollowup']>,
  Holds<Sent<'BasisBody'>, P.BasisBody>,
  Holds<P.Basis, components['schemas']['CapacityBasis']>,
  Holds<Sent<'StaffingKeys'>, T.Items<P.StaffingKey>>,
  Holds<P.StaffingKeyInput, components['schemas']['NewStaffingKey']>,
  Holds<Sent<'Forecast'>, P.Forecast>,
  Holds<Sent<'ForecastScopes'>, T.Items<P.ForecastScope>>,
  Holds<Sent<'BoardBody'>, P.GroupBoard>,
  Holds<P.PlacementInput, components['schemas']['NewPlacement']>,
  Holds<Sent<'InboxItem'>, I.InboxItem>,
  Holds<Sent<'ListTable'>, I.FacilityListTable>,
  Holds<Sent<'VisitOfPreference'>, I.VisitOfPreference>,
  Holds<Sent<'Visits'>, T.Items<I.Visit>>,
  Holds<I.VisitInput, components['schemas']['NewVisit']>,
  Holds<Sent<'PreferenceNotes'>, T.Items<I.PreferenceNote>>,
  Holds<Sent<'NoticeBody'>, N.Notice>,
  Holds<Sent<'NoticeDetail'>, N.NoticeDetail>,
  Holds<N.NoticeInput, components['schemas']['NewNotice']>,
  Holds<N.LicenceNoticeInput, components['schemas']['NewNotice']>,
  Holds<Sent<'FeeNotice'>, E.FeeNotice>,
  Holds<Sent<'NoticeTemplates'>, N.NoticeTemplates>,
  Holds<Sent<'CaseFile'>, N.CaseFile>,
  Holds<Sent<'RegisterBody'>, N.Register>,
  Holds<Sent<'RegisterImport'>, N.RegisterImport>,
  Holds<Sent<'OwnNotices'>, T.Items<N.OwnNotice>>,
  Holds<Sent<'CustodyBodyList'>, V.CustodyList>,
  Holds<V.CustodyInput, components['schemas']['NewCustody']>,
  Holds<V.CustodyChangeInput, components['schemas']['CustodyChange']>,
  Holds<Sent<'RetentionBody'>, V.RetentionBody>,
  Holds<Sent<'ProtectedAddress'>, V.ProtectedAddress>,
  Holds<Sent<'ChildAccess'>, V.ChildAccess>,
  Holds<Sent<'ExplanationBody'>, R.Explanation>,
  Holds<Sent<'AllocationList'>, T.Items<R.PublicRound>>,
  // The state of an offer is a plain string in the contract.
  Holds<Omit<Sent<'PoolOutcomeBody'>, 'children'>, Omit<R.PoolOutcome, 'children'>>,
  Holds<T.IntakeInput, components['schemas']['NewIntake']>,
  Holds<T.Told, components['schemas']['Told']>,
  Holds<Sent<'KnownChildren'>, T.Items<T.KnownChild>>,
  Holds<Sent<'SetDetail'>, T.CriteriaSetDetail>,
  Holds<Sent<'PublishedSets'>, T.Items<T.PublishedSet>>,
  Holds<Sent<'TemplatesBody'>, T.Items<T.CriteriaTemplate>>,
  Holds<Sent<'PreviewBody'>, T.CriteriaPreview>,
  Holds<Sent<'ScoreBody'>, T.Score>,
]
