import 'i18next'
import type account from '../locales/de/account.json'
import type admin from '../locales/de/admin.json'
import type claims from '../locales/de/claims.json'
import type common from '../locales/de/common.json'
import type contracts from '../locales/de/contracts.json'
import type compare from '../locales/de/compare.json'
import type criteria from '../locales/de/criteria.json'
import type dashboard from '../locales/de/dashboard.json'
import type demand from '../locales/de/demand.json'
import type exportTexts from '../locales/de/exports.json'
import type fees from '../locales/de/fees.json'
import type family from '../locales/de/family.json'
import type file from '../locales/de/file.json'
import type office from '../locales/de/office.json'
import type followups from '../locales/de/followups.json'
import type imports from '../locales/de/imports.json'
import type inbox from '../locales/de/inbox.json'
import type lists from '../locales/de/lists.json'
import type notices from '../locales/de/notices.json'
import type operator from '../locales/de/operator.json'
import type places from '../locales/de/places.json'
import type planning from '../locales/de/planning.json'
import type privacy from '../locales/de/privacy.json'
import type publicTexts from '../locales/de/public.json'
import type renewal from '../locales/de/renewal.json'
import type rounds from '../locales/de/rounds.json'
import type staff from '../locales/de/staff.json'
import type statistics from '../locales/de/statistics.json'
import type steps from '../locales/de/steps.json'
import type transfer from '../locales/de/transfer.json'
import type visits from '../locales/de/visits.json'
import type why from '../locales/de/why.json'
import type work from '../locales/de/work.json'

// Makes every text key a checked name.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      account: typeof account
      admin: typeof admin
      claims: typeof claims
      common: typeof common
      contracts: typeof contracts
      compare: typeof compare
      criteria: typeof criteria
      dashboard: typeof dashboard
      demand: typeof demand
      exports: typeof exportTexts
      family: typeof family
      fees: typeof fees
      file: typeof file
      followups: typeof followups
      office: typeof office
      imports: typeof imports
      inbox: typeof inbox
      lists: typeof lists
      notices: typeof notices
      operator: typeof operator
      places: typeof places
      planning: typeof planning
      privacy: typeof privacy
      public: typeof publicTexts
      renewal: typeof renewal
      rounds: typeof rounds
      statistics: typeof statistics
      steps: typeof steps
      staff: typeof staff
      transfer: typeof transfer
      visits: typeof visits
      why: typeof why
      work: typeof work
    }
  }
}
