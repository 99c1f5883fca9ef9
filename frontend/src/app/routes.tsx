import { Suspense, type JSX } from 'react'
import { Outlet, Route, Routes } from 'react-router'
import { Skeleton } from '../ui/feedback'
import { lazyArea, lazyPage } from './area'
import { Layout } from './layout'
import { ADMIN_ROLES, Guard, OFFICE_ROLES, PARENT_ROLES, SessionScope, STAFF_ROLES } from './session'
import { NotFound, PlainFrame } from './states'
import { TenantScope } from './tenant'

const TenantList = lazyPage(() => import('../pages/public/tenant-list'))
const Start = lazyPage(() => import('../pages/public/start'))
const Search = lazyPage(() => import('../pages/public/search'))
const Facility = lazyPage(() => import('../pages/public/facility'))
const Legal = lazyPage(() => import('../pages/public/legal'))
const PublicCriteria = lazyPage(() => import('../pages/public/criteria'))
const Allocations = lazyPage(() => import('../pages/public/allocations'))
const PublicFees = lazyPage(() => import('../pages/fees/public'))
const Help = lazyPage(() => import('../pages/public/help'))
const Entry = lazyArea(() => import('../pages/account/entry'))
const AccountPage = lazyPage(() => import('../pages/account/account'))
const OwnCopyPage = lazyPage(() => import('../pages/account/copy'))
const Family = lazyArea(() => import('../pages/family'))
const DemandArea = lazyArea(() => import('../pages/demand'))
const OfferPage = lazyPage(() => import('../pages/demand/offer'))
const ContractPage = lazyPage(() => import('../pages/demand/contract'))
const FiguresByLinkPage = lazyPage(() => import('../pages/work/figures-by-link'))
const RenewedPage = lazyPage(() => import('../pages/demand/renewed'))
const FollowupAnswer = lazyPage(() => import('../pages/aftercare/answer'))
const MyMandates = lazyPage(() => import('../pages/mandates/mine'))
const Work = lazyArea(() => import('../pages/work'))
const Office = lazyArea(() => import('../pages/office'))
const Admin = lazyArea(() => import('../pages/admin'))
const Operator = lazyArea(() => import('../pages/operator'))

const parents = (page: JSX.Element): JSX.Element => <Guard roles={PARENT_ROLES}>{page}</Guard>

function TenantPages(): JSX.Element {
  return (
    <TenantScope>
      <SessionScope><Layout /></SessionScope>
    </TenantScope>
  )
}
function PlainPages(): JSX.Element {
  return <Suspense fallback={<PlainFrame><Skeleton /></PlainFrame>}><Outlet /></Suspense>
}

export function AppRoutes(): JSX.Element {
  return (
    <Routes>
      <Route element={<PlainPages />}>
        <Route index element={<TenantList />} />
        <Route path="betreiber/*" element={<Operator />} />
      </Route>
      <Route path=":tenant" element={<TenantPages />}>
        <Route index element={<Start />} />
        <Route path="suche" element={<Search />} />
        <Route path="kita/:facility" element={<Facility />} />
        <Route path="recht/:kind" element={<Legal />} />
        <Route path="vergabe" element={<PublicCriteria />} />
        <Route path="vergaben" element={<Allocations />} />
        <Route path="elternbeitraege" element={<PublicFees />} />
        <Route path="hilfe" element={<Help />} />
        <Route path="familie/*" element={parents(<Family />)} />
        <Route path="bedarf/:demand/*" element={parents(<DemandArea />)} />
        <Route path="angebot/:offer" element={parents(<OfferPage />)} />
        <Route path="vertrag/:contract" element={parents(<ContractPage />)} />
        <Route path="plaetze-stimmen" element={<FiguresByLinkPage />} />
        <Route path="weiter" element={<RenewedPage />} />
        <Route path="anschluss" element={<FollowupAnswer />} />
        <Route path="konto" element={<Guard><AccountPage /></Guard>} />
        <Route path="konto/auskunft" element={<Guard><OwnCopyPage /></Guard>} />
        <Route path="vollmachten" element={<Guard><MyMandates /></Guard>} />
        <Route path="arbeit/*" element={<Guard roles={STAFF_ROLES}><Work /></Guard>} />
        <Route path="amt/*" element={<Guard roles={OFFICE_ROLES}><Office /></Guard>} />
        <Route path="verwaltung/*" element={<Guard roles={ADMIN_ROLES}><Admin /></Guard>} />
        <Route path="*" element={<Entry />} />
      </Route>
      <Route path="*" element={<PlainFrame><NotFound /></PlainFrame>} />
    </Routes>
  )
}
