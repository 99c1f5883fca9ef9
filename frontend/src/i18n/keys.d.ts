import 'i18next'
import type account from '../locales/de/account.json'
import type alerts from '../locales/de/alerts.json'
import type audit from '../locales/de/audit.json'
import type brackets from '../locales/de/brackets.json'
import type mandates from '../locales/de/mandates.json'
import type reliefs from '../locales/de/reliefs.json'
import type menu from '../locales/de/menu.json'
import type actions from '../locales/de/actions.json'
import type admin from '../locales/de/admin.json'
import type careSheet from '../locales/de/careSheet.json'
import type claims from '../locales/de/claims.json'
import type common from '../locales/de/common.json'
import type contracts from '../locales/de/contracts.json'
import type compare from '../locales/de/compare.json'
import type copy from '../locales/de/copy.json'
import type criteria from '../locales/de/criteria.json'
import type dashboard from '../locales/de/dashboard.json'
import type demand from '../locales/de/demand.json'
import type exportTexts from '../locales/de/exports.json'
import type fees from '../locales/de/fees.json'
import type family from '../locales/de/family.json'
import type figures from '../locales/de/figures.json'
import type file from '../locales/de/file.json'
import type offer from '../locales/de/offer.json'
import type office from '../locales/de/office.json'
import type followups from '../locales/de/followups.json'
import type help from '../locales/de/help.json'
import type imports from '../locales/de/imports.json'
import type improve from '../locales/de/improve.json'
import type inbox from '../locales/de/inbox.json'
import type lists from '../locales/de/lists.json'
import type notices from '../locales/de/notices.json'
import type operator from '../locales/de/operator.json'
import type places from '../locales/de/places.json'
import type planning from '../locales/de/planning.json'
import type privacy from '../locales/de/privacy.json'
import type problems from '../locales/de/problems.json'
import type publicTexts from '../locales/de/public.json'
import type renewal from '../locales/de/renewal.json'
import type rounds from '../locales/de/rounds.json'
import type setup from '../locales/de/setup.json'
import type staff from '../locales/de/staff.json'
import type statistics from '../locales/de/statistics.json'
import type steps from '../locales/de/steps.json'
import type transfer from '../locales/de/transfer.json'
import type aftercare from '../locales/de/aftercare.json'
import type residence from '../locales/de/residence.json'
import type amendments from '../locales/de/amendments.json'
import type swaps from '../locales/de/swaps.json'
import type versions from '../locales/de/versions.json'
import type visits from '../locales/de/visits.json'
import type ways from '../locales/de/ways.json'
import type why from '../locales/de/why.json'
import type moveStart from '../locales/de/moveStart.json'
import type history from '../locales/de/history.json'
import type hours from '../locales/de/hours.json'
import type siblings from '../locales/de/siblings.json'
import type told from '../locales/de/told.json'
import type work from '../locales/de/work.json'

// Makes every text key a checked name.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      account: typeof account
      actions: typeof actions
      admin: typeof admin
      careSheet: typeof careSheet
      alerts: typeof alerts
      audit: typeof audit
      brackets: typeof brackets
      mandates: typeof mandates
      reliefs: typeof reliefs
      menu: typeof menu
      claims: typeof claims
      common: typeof common
      contracts: typeof contracts
      compare: typeof compare
      copy: typeof copy
      criteria: typeof criteria
      dashboard: typeof dashboard
      demand: typeof demand
      exports: typeof exportTexts
      family: typeof family
      fees: typeof fees
      figures: typeof figures
      file: typeof file
      followups: typeof followups
      offer: typeof offer
      office: typeof office
      help: typeof help
      imports: typeof imports
      improve: typeof improve
      inbox: typeof inbox
      lists: typeof lists
      notices: typeof notices
      operator: typeof operator
      places: typeof places
      planning: typeof planning
      privacy: typeof privacy
      problems: typeof problems
      public: typeof publicTexts
      renewal: typeof renewal
      rounds: typeof rounds
      setup: typeof setup
      statistics: typeof statistics
      steps: typeof steps
      staff: typeof staff
      transfer: typeof transfer
      aftercare: typeof aftercare
      residence: typeof residence
      amendments: typeof amendments
      swaps: typeof swaps
      versions: typeof versions
      visits: typeof visits
      ways: typeof ways
      why: typeof why
      history: typeof history
      moveStart: typeof moveStart
      hours: typeof hours
      siblings: typeof siblings
      told: typeof told
      work: typeof work
    }
  }
}
