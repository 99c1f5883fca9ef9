import 'i18next'
import type account from '../locales/de/account.json'
import type admin from '../locales/de/admin.json'
import type common from '../locales/de/common.json'
import type criteria from '../locales/de/criteria.json'
import type demand from '../locales/de/demand.json'
import type family from '../locales/de/family.json'
import type office from '../locales/de/office.json'
import type followups from '../locales/de/followups.json'
import type operator from '../locales/de/operator.json'
import type privacy from '../locales/de/privacy.json'
import type publicTexts from '../locales/de/public.json'
import type rounds from '../locales/de/rounds.json'
import type staff from '../locales/de/staff.json'
import type steps from '../locales/de/steps.json'
import type why from '../locales/de/why.json'
import type work from '../locales/de/work.json'

// Makes every text key a checked name.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      account: typeof account
      admin: typeof admin
      common: typeof common
      criteria: typeof criteria
      demand: typeof demand
      family: typeof family
      followups: typeof followups
      office: typeof office
      operator: typeof operator
      privacy: typeof privacy
      public: typeof publicTexts
      rounds: typeof rounds
      steps: typeof steps
      staff: typeof staff
      why: typeof why
      work: typeof work
    }
  }
}
