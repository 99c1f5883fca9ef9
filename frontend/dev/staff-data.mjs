// Invented families and figures for looking at the staff pages without a server. Nothing here is a real person.
const FIRST = 'Mia Emil Lina Noah Ella Finn Ayşe Mats Clara Yusuf Frieda Oskar Zofia Leon Amira Jonas Luise Karl Olena Theo Ida Henri Malak Paul Greta Anton Elif Ben Johanna Maximilian Nele Samuel Hanna Levi Charlotte Matteo Emma Bruno Lotte Ilyas'.split(' ')
const LAST = 'Bergmann Nguyen Schulz Kowalczyk Yıldız Hoffmann Petrenko Müller-Lüdenscheidt Sommer Haddad Krause Weiß Lehmann Öztürk Vogt Richter'.split(' ')
export const FACILITIES = ['Kita Sonnenblume', 'Evangelische Kindertagesstätte St. Johannis am Mühlenteich', 'Kinderhaus Marientreppe', 'Waldkindergarten Wurzelzwerge', 'Kita Ahlfeldstraße 2']
const pick = (list, index) => list[index % list.length]
const pad = (value) => String(value).padStart(2, '0')
export const id = (kind, index) => `${kind}0000000-0000-7000-8000-${String(index).padStart(12, '0')}`.slice(-36)
export const shift = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
export const page = (items) => ({ items, next_cursor: null, total: items.length })

const STATES = ['received', 'received', 'under_review', 'received', 'invited', 'waitlisted', 'under_review', 'offered', 'paused', 'received', 'refused', 'accepted', 'covered_elsewhere']
export const preferences = Array.from({ length: 40 }, (_, n) => {
  const age = 8 + ((n * 7) % 58)
  const start = `2027-${pad(2 + (n % 9))}-01`
  const unborn = n % 13 === 6
  const facts = [
    ...(n % 2 ? [{ code: 'both_work', title: 'Beide Eltern arbeiten oder sind in Ausbildung', points: 20, evidence_state: n % 4 === 1 ? 'seen' : 'claimed' }] : []),
    ...(n % 5 === 0 ? [{ code: 'lone', title: 'Alleinerziehend', points: 15, evidence_state: 'claimed' }] : []),
    ...(n % 6 === 1 ? [{ code: 'sibling', title: 'Geschwisterkind in derselben Einrichtung', points: 10, evidence_state: 'seen' }] : []),
  ]
  return {
    id: id('a', n), facility_id: id('f', n % 2), facility_name: FACILITIES[n % 2],
    child: { label: unborn ? null : `${pick(FIRST, n)} ${pick(LAST, n)[0]}.`, birth_date: unborn ? null : shift(-age * 30), expected_birth_date: unborn ? shift(80) : null, age_months_at_start: unborn ? 6 : age, age_band: age < 36 ? 'under3' : 'over3' },
    demand_state: 'confirmed', reference_code: `KP-2026-${String(4711 + n * 37)}`, state: pick(STATES, n), state_since: shift(-n) + 'T09:00:00Z',
    received_at: `${shift(-20 - n)}T08:${pad(n)}:00Z`, answer_due_on: ['received', 'under_review', 'invited'].includes(pick(STATES, n)) ? shift(n - 4) : null,
    desired_start: start, latest_start: n % 3 ? null : '2027-12-01', hours_per_week: [25, 35, 40, 45][n % 4], window_from: '07:30', window_to: ['12:30', '14:30', '15:30', '16:30'][n % 4],
    care_type: age < 36 ? 'nursery' : 'kindergarten', points: facts.reduce((sum, fact) => sum + fact.points, 0), facts,
    legal_claim: n % 3 === 0, legal_due_on: n % 3 === 0 ? shift(60 + n) : null, sibling_here: n % 6 === 1, version: 1,
  }
})
export const detail = (row) => ({
  ...row, guardians: [{ name: `Katharina ${pick(LAST, row.points + 3)}`, phone: '0341 555 01 27', email: 'familie.beispiel@example.org' }, { name: `Thomas ${pick(LAST, row.points + 3)}`, phone: null, email: null }],
  address: row.points > 20 ? null : { street: 'Lindenstraße', house_number: '12 a', postal_code: '04107', city: 'Leipzig' }, address_protected: row.points > 20,
  history: [{ at: row.received_at, kind: 'preference', preference_id: row.id, facility_name: row.facility_name, from: 'draft', to: 'received', reason: null }, ...(row.state === 'refused' ? [{ at: `${shift(-3)}T10:12:00Z`, kind: 'preference', preference_id: row.id, facility_name: row.facility_name, from: 'under_review', to: 'refused', reason: 'no_place' }] : [])],
  open_offer: row.state === 'offered' ? offers.find((offer) => offer.preference_id === row.id) ?? offers[0] : null,
})
const OFFER_STATES = ['sent', 'viewed', 'accepted', 'declined', 'expired', 'sent', 'revoked']
export const offers = preferences.slice(0, 18).map((row, n) => ({
  id: id('b', n), facility_id: row.facility_id, facility_name: row.facility_name, preference_id: row.id, demand_id: id('d', n), child: { id: id('c', n), label: row.child.label },
  state: pick(OFFER_STATES, n), care_from: row.desired_start, care_until: null, hours_per_week: row.hours_per_week, window_from: row.window_from, window_to: row.window_to,
  deadline_on: shift(n - 1), sent_at: `${shift(n - 12)}T10:00:00Z`, viewed_at: n % 2 ? `${shift(n - 11)}T18:30:00Z` : null, answered_at: null,
  decline_reason: pick(OFFER_STATES, n) === 'declined' ? 'too_far' : null, revoke_reason: pick(OFFER_STATES, n) === 'revoked' ? 'Falsches Datum angegeben' : null, contract_id: null, version: 2,
}))
export const contracts = offers.slice(0, 12).map((offer, n) => ({ ...offer, id: id('e', n), offer_id: offer.id, provider_name: pick(['Stadt Musterhausen', 'Evangelischer Kirchenkreis Musterhausen-Nord'], n), state: pick(['drafted', 'signed_by_guardians', 'active', 'drafted', 'terminated'], n), created_at: offer.sent_at }))
const month = (n) => { const date = new Date(Date.UTC(2026, 10 + n, 1)); return date.toISOString().slice(0, 10) }
export const capacity = (facility) => ({
  facility_id: facility, version: 4,
  bands: ['under3', 'over3'].map((band, b) => {
    const [licensed, operable] = [[30, 24], [60, 60]][b]
    return {
      age_band: band,
      figures: [{ from_month: '2026-08-01', licensed, operable, operable_reason: b ? null : 'Zwei Stellen in der Krippe sind nicht besetzt', operable_since: b ? null : '2026-09-15', reserved: b ? 0 : 2, reserved_purpose: b ? null : 'Geschwisterkinder ab August', reserved_until: b ? null : '2027-07-31', occupied_external: 4, confirmed_on: shift(-12), is_example: b === 1 }],
      months: Array.from({ length: 24 }, (_, n) => {
        const occupied = Math.max(licensed - 8 - ((n * 3) % 17) - (n > 8 ? 10 : 0), 3)
        const held = n > 2 && n < 12 ? 2 : 0
        const reserved = b ? 0 : n < 9 ? 2 : 0
        const usable = n > 9 ? licensed : operable
        return { month: month(n), licensed, operable: usable, occupied: Math.min(occupied, usable - held - reserved), held, reserved, bookable: usable - Math.min(occupied, usable - held - reserved) - held - reserved }
      }),
    }
  }),
})
export const myFacilities = FACILITIES.slice(0, 3).map((name, n) => ({ id: id('f', n), name, city: 'Musterhausen', counts: { received: 6 - n, under_review: 3, invited: n, waitlisted: 5 * n, offered: 2, accepted: 9 }, overdue: n === 0 ? 3 : 0, next_deadline: shift(2 + n), bookable_now: n === 2 ? null : 4 - n, capacity_confirmed_on: n === 2 ? null : shift(-12 - n * 60) }))
const DEMAND_STATES = ['submitted', 'submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered', 'closed', 'withdrawn']
export const demands = preferences.map((row, n) => ({
  id: id('d', n), reference_code: row.reference_code, child: row.child, state: pick(DEMAND_STATES, n), register_mismatch: n % 9 === 4, desired_start: row.desired_start,
  legal_claim: row.legal_claim, legal_due_on: row.legal_due_on, submitted_at: row.received_at, preferences_open: n % 4, preferences_total: 3, points_global: row.points, version: 3,
}))
export const demandDetail = (row) => ({
  ...row, child: { id: row.id, label: row.child.label }, care_type: 'nursery', latest_start: null, hours_per_week: 35, window_from: '08:00', window_to: '15:00', legal_claim_asserted_at: row.legal_claim ? row.submitted_at : null,
  updated_at: row.submitted_at, facts: [{ criterion_id: id('9', 0), claimed: true, evidence_state: 'claimed' }, { criterion_id: id('9', 1), claimed: true, evidence_state: 'seen' }, { criterion_id: id('9', 2), claimed: false, evidence_state: null }],
  preferences: FACILITIES.slice(0, 3).map((name, n) => ({ id: id('a', n), facility_id: id('f', n), facility_name: name, rank: n + 1, state: ['under_review', 'received', 'refused'][n], state_since: row.submitted_at, answer_due_on: n < 2 ? shift(n * 9 - 3) : null, refuse_reason: n === 2 ? 'no_place' : null, refuse_note: null, offer_id: null, distance_m: 800 * (n + 1) })),
  editable: false, editable_until: null, hints: [], next_step: { code: 'wait', date: null }, mail_problem: row.register_mismatch,
  guardians: [{ name: 'Katharina Bergmann', phone: '0341 555 01 27', email: 'k.bergmann@example.org' }], address: { street: 'Lindenstraße', house_number: '12 a', postal_code: '04107', city: 'Leipzig' }, address_protected: false,
  evidence: [{ criterion_id: id('9', 1), state: 'seen', seen_on: '2026-10-12', seen_by: 'Petra Schulz', valid_until: '2027-12-31' }],
  history: [{ at: row.submitted_at, kind: 'demand', preference_id: null, facility_name: null, from: 'draft', to: 'submitted', reason: null }],
})
export const criteria = [
  ['both_work', 'Beide Eltern arbeiten oder sind in Ausbildung', 20, 'global'], ['lone', 'Alleinerziehend', 15, 'global'], ['sibling', 'Geschwisterkind in derselben Einrichtung', 10, 'local'], ['preschool', 'Vorschulkind ohne Platz', 150, 'global'],
].map(([code, title, points, scope], n) => ({ id: id('9', n), code, title, hint: 'Gilt ab 19 Stunden in der Woche.', evidence: 'Bescheinigung des Arbeitgebers', points, scope, position: n + 1, title_de: title, title_en: code, hint_de: 'Gilt ab 19 Stunden in der Woche.', hint_en: 'From 19 hours a week.', evidence_de: 'Bescheinigung des Arbeitgebers', evidence_en: 'Letter of the employer', active: n < 3, version: 1 }))
export const overview = {
  demands_by_state: { submitted: 128, confirmed: 402, in_allocation: 31, offer_pending: 57, covered: 893, withdrawn: 44 }, without_place: 433, legal_claims_open: 212, legal_claims_due_30_days: 17, silent_facilities: 6, dead_letters: 3, letters_to_print: 8, to_confirm: 128,
  by_month: Array.from({ length: 12 }, (_, n) => ({ month: new Date(Date.UTC(2025, 11 + n, 1)).toISOString().slice(0, 10), demands: 60 + ((n * 37) % 90), accepted: 30 + ((n * 23) % 60) })),
}
const settings = { earliest_application_days_before_birth: 90, earliest_start_age_months: 2, notice_period_months: 6, max_preferences: 5, ranking: true, allocation_mode: 'decentral', key_date: '02-01', offer_window_days: 10, parallel_offers: false, earliest_contract_months: 6, renewal_interval_months: null, answer_clock_days: 28, receipt_clock_days: 1, kita_year_start: '08-01', residency_required: true, confirm_automatically: false, second_factor_required_for_staff: false, stale_after_days: 60, default_language: 'de', languages: ['de', 'en'] }
export const settingsBody = { current: { version: 3, valid_from: '2026-01-01', settings }, planned: [{ version: 4, valid_from: '2027-01-01', settings: { ...settings, offer_window_days: 14, max_preferences: 8 } }], version: 4 }
export const profile = { name: 'Stadt Musterhausen', office_name: 'Amt für Jugend und Familie', primary_color: '#0f6b5c', contact_email: 'kita@musterhausen.example', contact_phone: '0341 555 0', contact_address: 'Rathausplatz 1\n04107 Musterhausen', feedback_email: 'barriere@musterhausen.example', sender_name: 'Kitaplatz Musterhausen', sender_address: 'kitaplatz@musterhausen.example', official_header: false, version: 2 }
export const tenant = { slug: 'musterhausen', name: 'Stadt Musterhausen', ags: '14713000', ars: '147130000000', federal_state: 'SN', languages: ['de', 'en'], default_language: 'de', primary_color: '#0f6b5c', logo_url: null, office_name: profile.office_name, contact: { email: profile.contact_email, phone: profile.contact_phone, address: profile.contact_address }, feedback_email: profile.feedback_email, max_preferences: 5, ranking: true, allocation_mode: 'decentral', notice_period_months: 6, kita_year_start: '08-01', earliest_application_days_before_birth: 90, earliest_start_age_months: 2, key_date: null, second_factor_required_for_staff: false, official_header: false }
export const session = { account: { id: id('1', 1), email: 'petra.lindner@musterhausen.example', display_name: 'Petra Lindner', kind: 'staff', language: 'de', version: 1 }, roles: ['tenant_admin', 'facility_manager'].map((role, n) => ({ membership_id: id('2', n), role, provider_id: null, facility_id: null, label: 'Alles' })), second_factor: { enabled: false, required: false }, expires_at: null }
export const staff = ['Petra Lindner', 'Jörg Überschär', 'Hatice Demir', 'Sabine Großmann-Wörlitz', 'Kita Team Sonnenblume'].map((name, n) => ({ account_id: id('1', n), email: `${name.split(' ')[0].toLowerCase()}@musterhausen.example`, display_name: name, second_factor: n % 2 === 0, last_seen_at: n === 3 ? null : `${shift(-n)}T07:30:00Z`, memberships: [{ id: id('2', n), role: pick(['tenant_admin', 'clerk', 'provider_manager', 'facility_manager', 'read_only'], n), provider_id: null, facility_id: n === 3 ? id('f', 0) : null, label: n === 3 ? FACILITIES[1] : 'Ganze Gemeinde' }] }))
export const providers = [['Stadt Musterhausen', 'municipal'], ['Evangelischer Kirchenkreis Musterhausen-Nord', 'church'], ['AWO Kreisverband Musterhausen e. V.', 'welfare'], ['Elterninitiative Wurzelzwerge e. V.', 'parents_initiative'], ['Lernwelten gGmbH', null]].map(([name, kind], n) => ({ id: id('8', n), name, kind, website: null, facility_count: 14 - n * 3, version: 1 }))
export const facilityList = Array.from({ length: 40 }, (_, n) => ({ id: id('f', n), name: n < 5 ? FACILITIES[n] : `Kita ${pick(['Ahlfeldstraße', 'Alte Straße', 'An der Märchenwiese', 'Arno-Nitzsche-Straße', 'Bästleinstraße'], n)} ${n}`, kind: pick(['daycare', 'nursery', 'kindergarten', 'after_school', 'childminder'], n), care_types: ['nursery', 'kindergarten'], provider_name: n % 4 ? pick(providers, n).name : null, provider_kind: null, street: 'Ahlfeldstraße', house_number: String(n + 1), postal_code: '04177', city: 'Musterhausen', district: pick(['Alt-West', 'Süd', null], n), latitude: 51.33, longitude: 12.34, distance_m: null, opens_at: '06:30', closes_at: '17:00', concepts: [], languages: ['de'], denomination: null, inclusive: null, barrier_free: null, age_from_months: 2, age_to_months: 78, availability: { state: pick(['unknown', 'covered', 'partly', 'full'], n), age_band: 'under3', free_from: null, free_until: null, confirmed_on: null, stale: false, is_example: true } }))
export const audit = Array.from({ length: 40 }, (_, n) => ({ id: id('6', n), at: `${shift(-Math.floor(n / 6))}T${pad(17 - (n % 9))}:12:0${n % 10}Z`, actor_kind: n % 7 ? 'account' : 'api_key', actor_label: pick(['Petra Lindner', 'Jörg Überschär', 'Hatice Demir'], n), role: pick(['tenant_admin', 'clerk', 'facility_manager'], n), action: pick(['demand.read', 'demand.confirm', 'preference.refuse', 'offer.send', 'settings.write'], n), object_id: id('d', n), request_id: `req-${1000 + n}` }))
export const operatorTenants = ['musterhausen', 'leipzig', 'flensburg', 'chemnitz'].map((slug, n) => ({ id: id('5', n), slug, name: pick(['Stadt Musterhausen', 'Stadt Leipzig', 'Stadt Flensburg', 'Stadt Chemnitz'], n), ags: ['14713999', '14713000', '01001000', '14511000'][n], state: n === 3 ? 'suspended' : 'active', host: n === 1 ? 'kita.leipzig.example' : null, accounts: 410 * (n + 1), facilities: 40 * (n + 1), demands_open: 312 * n, jobs_waiting: n }))
