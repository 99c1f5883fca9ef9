import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { CRITERIA, facilities, readCsv, TENANT } from './mock-data.ts'

// A stand-in for the server, for looking at pages only: `KITAPLATZ_MOCK=1 npm run dev`. It knows one parent.
type Body = Record<string, unknown>
type Answer = { status?: number; body?: unknown }
type Handler = (request: { params: string[]; query: URLSearchParams; body: Body }) => Answer

const csv = new URL('../../../shared/data/flensburg.csv', import.meta.url).pathname
const FACILITIES = existsSync(csv) ? facilities(readCsv(csv)) : []
const page = (items: unknown[]) => ({ items: items.slice(0, 30), next_cursor: null, total: items.length })
const problem = (status: number, code: string): Answer => ({ status, body: { status, code, detail: code, errors: [], request_id: 'mock-1' } })

const account = { id: 'a1', email: 'mia.berger@example.org', display_name: 'Mia Berger', kind: 'parent', language: 'de', version: 1 }
const state = {
  session: process.env['KITAPLATZ_MOCK'] === 'out' ? null : (account as typeof account | null),
  guardian: { id: 'g1', first_name: 'Mia', last_name: 'Berger', phone: null, version: 1 } as Body | null,
  household: { id: 'h1', street: 'Große Straße', house_number: '12', postal_code: '24937', city: 'Flensburg', address_protected: false, version: 1 } as Body | null,
  children: [
    { id: 'k1', first_name: 'Ole', last_name: 'Berger', sex: null, birth_date: '2026-03-14', expected_birth_date: null, version: 1, custody: { valid_from: '2026-03-14', valid_to: null }, demand_id: 'd1' },
    { id: 'k2', first_name: null, last_name: null, sex: null, birth_date: null, expected_birth_date: '2027-04-20', version: 1, custody: { valid_from: '2026-11-01', valid_to: null }, demand_id: 'd2' },
    { id: 'k3', first_name: 'Lotte', last_name: 'Berger', sex: null, birth_date: '2024-06-02', expected_birth_date: null, version: 1, custody: { valid_from: '2024-06-02', valid_to: null }, demand_id: null },
  ] as Body[],
}
const preference = (index: number, over: Body) => ({ id: `p${index}`, facility_id: FACILITIES[index]?.id ?? `f${index}`, facility_name: FACILITIES[index]?.name ?? `Kita ${index}`, rank: index, state: 'received', state_since: '2026-11-20T10:00:00Z', answer_due_on: '2027-02-01', refuse_reason: null, refuse_note: null, offer_id: null, distance_m: 900 * index, ...over })
const demand = (over: Body): Body => ({
  id: 'd1', reference_code: 'FL-7K3M-92', child: { id: 'k1', label: 'Ole B.' }, state: 'offer_pending', register_mismatch: false, care_type: 'nursery', desired_start: '2027-08-01', latest_start: '2027-10-01', hours_per_week: 35,
  window_from: '07:30', window_to: '14:30', legal_claim: true, legal_claim_asserted_at: '2026-11-20T10:02:00Z', legal_due_on: '2027-05-20', submitted_at: '2026-11-20T10:02:00Z', updated_at: '2026-11-20T10:02:00Z', version: 4,
  facts: [{ criterion_id: 'c1', claimed: true, evidence_state: 'claimed' }],
  preferences: [preference(1, { state: 'offered', offer_id: 'o1' }), preference(2, { state: 'paused' }), preference(3, { state: 'refused', refuse_reason: 'no_place' })],
  editable: true, editable_until: '2027-02-01', hints: [], next_step: { code: 'answer_offer', date: '2026-12-04' }, mail_problem: false, ...over,
})
const demands: Body[] = [
  demand({}),
  demand({ id: 'd2', reference_code: null, child: { id: 'k2', label: '' }, state: 'draft', care_type: null, desired_start: null, latest_start: null, hours_per_week: null, window_from: null, window_to: null, legal_claim: false, legal_claim_asserted_at: null, legal_due_on: null, submitted_at: null, facts: [], preferences: [], next_step: { code: 'complete', date: null }, version: 1 }),
]
const offer: Body = { id: 'o1', facility_id: FACILITIES[1]?.id, facility_name: FACILITIES[1]?.name, preference_id: 'p1', demand_id: 'd1', child: { id: 'k1', label: 'Ole B.' }, state: 'sent', care_from: '2027-08-01', care_until: null, hours_per_week: 35, window_from: '07:30', window_to: '14:30', deadline_on: '2026-12-04', sent_at: '2026-11-22T09:00:00Z', viewed_at: null, answered_at: null, decline_reason: null, revoke_reason: null, contract_id: null, version: 1 }
const contract = { id: 'v1', offer_id: 'o1', demand_id: 'd1', facility_id: offer['facility_id'], facility_name: offer['facility_name'], provider_name: 'DKSB', child: { id: 'k1', label: 'Ole B.' }, state: 'drafted', care_from: '2027-08-01', care_until: null, hours_per_week: 35, window_from: '07:30', window_to: '14:30', created_at: '2026-11-24T10:00:00Z', version: 1 }

const session = () => ({ account: state.session, roles: [], second_factor: { enabled: false, required: false }, expires_at: null })
const find = (list: Body[], id: string | undefined) => list.find((item) => item['id'] === id)
const bump = (target: Body, change: Body) => Object.assign(target, change, { version: Number(target['version']) + 1, updated_at: new Date().toISOString() })
const one = (list: Body[], change: (item: Body, body: Body) => unknown): Handler => ({ params, body }) => {
  const item = find(list, params[0])
  return item ? { body: change(item, body) ?? item } : problem(404, 'not_found')
}
const months = () => Array.from({ length: 24 }, (_, i) => ({ month: new Date(Date.UTC(2026, 11 + i, 1)).toISOString().slice(0, 10), bookable: Math.max(0, Math.round(4 * Math.sin(i / 4))) }))

function submit(item: Body): Body {
  bump(item, { state: 'submitted', reference_code: 'FL-3P8C-41', submitted_at: new Date().toISOString(), legal_claim_asserted_at: item['legal_claim'] ? new Date().toISOString() : null, legal_due_on: item['legal_claim'] ? '2027-05-24' : null, next_step: { code: 'wait', date: '2027-01-05' } })
  return item
}

const routes: [string, RegExp, Handler][] = [
  ['GET', /^\/tenants$/, () => ({ body: page(['Leipzig', 'Chemnitz', 'Flensburg', 'Kreis Nordfriesland'].map((name, i) => ({ slug: i === 2 ? 'demo' : `demo${i}`, name, federal_state: 'SN', ags: '1' }))) })],
  ['GET', /^\/demo$/, () => ({ body: TENANT })],
  ['GET', /^\/demo\/legal\/(\w+)$/, ({ params }) => ({ body: { kind: params[0], language: 'de', title: 'Impressum', body: '## Anbieter\n\n**Stadt Flensburg**\nRathausplatz 1\n24937 Flensburg\n\n## Kontakt\n\n- Telefon: 0461 85-0\n- [E-Mail](mailto:kita@flensburg.example)\n', updated_at: '2026-11-01T10:00:00Z', version: 1 } })],
  ['GET', /^\/demo\/facilities$/, ({ query }) => ({ body: { ...page(FACILITIES.filter((f) => f.name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()))), origin: query.get('place') || query.get('postal_code') ? { label: query.get('postal_code') ?? query.get('place'), kind: 'place', latitude: 54.78, longitude: 9.43, approximate: true } : null, sources: [{ attribution: 'OK Lab Flensburg, github.com/oklabflensburg/open-kita-map; Stadt Flensburg', licence: 'CC0-1.0', data_as_of: '2024-05' }] } })],
  ['GET', /^\/demo\/facilities\/markers$/, () => ({ body: { items: FACILITIES.filter((f) => f.latitude !== null).map((f) => ({ id: f.id, name: f.name, latitude: f.latitude, longitude: f.longitude, state: f.availability.state })), places: [{ name: 'Altstadt', latitude: 54.789, longitude: 9.433 }, { name: 'Mürwik', latitude: 54.803, longitude: 9.466 }, { name: 'Weiche', latitude: 54.766, longitude: 9.382 }], tiles_url: null } })],
  ['GET', /^\/demo\/facilities\/facets$/, () => ({ body: { concepts: [{ value: 'Waldkindergarten', count: 3 }], languages: [{ value: 'da', count: 9 }], denominations: [], provider_kinds: [{ value: 'church', count: 8 }], care_types: [] } })],
  ['GET', /^\/demo\/facilities\/([\w-]+)$/, ({ params }) => { const found = FACILITIES.find((f) => f.id === params[0]); return found ? { body: { ...found, description: null, website: null, contact_email: null, phone: '0461 12345', closing_days: [{ day: '2026-12-24', note: 'Heiligabend' }], capacity: [{ age_band: 'under3', licensed: 20, confirmed_on: '2026-11-02', stale: false, is_example: true, months: months() }], source: { source_id: 'x', attribution: 'OK Lab Flensburg', licence: 'CC0-1.0', data_as_of: '2024-05', flags: [] }, median_reply_days: 9, version: 1 } } : problem(404, 'not_found') }],
  ['GET', /^\/demo\/places$/, ({ query }) => ({ body: { items: [{ kind: 'postal_code', label: '24937 Flensburg', postal_code: '24937', latitude: 54.78, longitude: 9.43, approximate: true }, { kind: 'street', label: `${query.get('q') ?? ''}straße, 24939 Flensburg`, postal_code: '24939', latitude: 54.79, longitude: 9.43, approximate: false }] } })],
  ['GET', /^\/demo\/criteria$/, () => ({ body: { items: CRITERIA } })],
  ['GET', /^\/demo\/session$/, () => ({ body: session() })],
  ['POST', /^\/demo\/session$/, ({ body }) => { if (body['password'] !== 'falsch') { state.session = account; return { body: session() } } return problem(401, 'identity.credentials') }],
  ['DELETE', /^\/demo\/session$/, () => { state.session = null; return { status: 204 } }],
  ['POST', /^\/demo\/(registrations|password-resets|password-resets\/complete|account\/email)$/, () => ({ status: 202 })],
  ['POST', /^\/demo\/registrations\/confirm$/, () => { state.session = account; return { body: session() } }],
  ['GET', /^\/demo\/account\/sessions$/, () => ({ body: { items: [{ id: 's1', created_at: '2026-11-20T08:00:00Z', last_seen_at: '2026-11-24T03:00:00Z', current: true, user_agent: 'Mozilla/5.0 (Linux; Android 15) Chrome/140' }, { id: 's2', created_at: '2026-11-10T08:00:00Z', last_seen_at: '2026-11-12T03:00:00Z', current: false, user_agent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140' }] } })],
  ['GET', /^\/demo\/family$/, () => ({ body: { guardian: state.guardian, household: state.household, children: state.children, other_guardians: [], invitations: [] } })],
  ['PUT', /^\/demo\/family\/(guardian|household)$/, ({ params, body }) => { const key = params[0] as 'guardian' | 'household'; state[key] = { ...(state[key] ?? { id: key, version: 0 }), ...body }; return { body: bump(state[key] as Body, {}) } }],
  ['POST', /^\/demo\/family\/children$/, ({ body }) => { const child = { id: `k${Date.now()}`, version: 1, custody: { valid_from: '2026-11-01', valid_to: null }, demand_id: null, ...body }; state.children.push(child); return { status: 201, body: child } }],
  ['PATCH', /^\/demo\/family\/children\/([\w-]+)$/, one(state.children, (item, body) => bump(item, body))],
  ['GET', /^\/demo\/demands$/, () => ({ body: { items: demands } })],
  ['POST', /^\/demo\/demands$/, ({ body }) => { const made = demand({ ...demands[1], id: `d${Date.now()}`, child: { id: body['child_id'], label: 'Lotte B.' }, preferences: [], facts: [] }); demands.push(made); return { status: 201, body: made } }],
  ['GET', /^\/demo\/demands\/([\w-]+)$/, one(demands, () => undefined)],
  ['PATCH', /^\/demo\/demands\/([\w-]+)$/, one(demands, (item, body) => bump(item, { ...body, facts: body['facts'] ? (body['facts'] as Body[]).map((fact) => ({ evidence_state: 'claimed', ...fact })) : item['facts'] }))],
  ['PUT', /^\/demo\/demands\/([\w-]+)\/preferences$/, one(demands, (item, body) => bump(item, { preferences: (body['facility_ids'] as string[]).map((id, index) => ({ ...preference(index + 1, {}), ...((item['preferences'] as Body[]).find((p) => p['facility_id'] === id) ?? { facility_id: id, facility_name: FACILITIES.find((f) => f.id === id)?.name }), rank: index + 1 })) }))],
  ['POST', /^\/demo\/demands\/([\w-]+)\/submit$/, one(demands, (item) => submit(item))],
  ['POST', /^\/demo\/demands\/([\w-]+)\/withdraw$/, one(demands, (item) => bump(item, { state: 'withdrawn', next_step: { code: 'none', date: null } }))],
  ['GET', /^\/demo\/demands\/([\w-]+)\/history$/, () => ({ body: { items: [{ at: '2026-11-20T10:02:00Z', kind: 'demand_state', preference_id: null, facility_name: null, from: 'draft', to: 'submitted', reason: null }, { at: '2026-11-22T09:00:00Z', kind: 'preference_state', preference_id: 'p1', facility_name: FACILITIES[1]?.name, from: 'received', to: 'offered', reason: null }] } })],
  ['GET', /^\/demo\/offers$/, () => ({ body: { items: [offer] } })],
  ['GET', /^\/demo\/offers\/o1$/, () => ({ body: offer })],
  ['POST', /^\/demo\/offers\/o1\/(view|accept|decline)$/, ({ params, body }) => ({ body: bump(offer, params[0] === 'view' ? { state: offer['state'] === 'sent' ? 'viewed' : offer['state'] } : params[0] === 'accept' ? { state: 'accepted', contract_id: 'v1' } : { state: 'declined', decline_reason: body['reason'] }) })],
  ['GET', /^\/demo\/contracts$/, () => ({ body: page([contract]) })],
  ['GET', /^\/demo\/contracts\/v1$/, () => ({ body: contract })],
]

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text ? (JSON.parse(text) as Body) : {}
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = url.pathname.replace('/api/v1', '')
  for (const [method, pattern, answer] of routes) {
    const match = pattern.exec(path)
    if (method !== request.method || !match) continue
    const result = answer({ params: match.slice(1), query: url.searchParams, body: await readBody(request) })
    response.statusCode = result.status ?? 200
    response.setHeader('content-type', response.statusCode >= 400 ? 'application/problem+json' : 'application/json')
    response.end(result.body === undefined ? '' : JSON.stringify(result.body))
    return
  }
  response.statusCode = 404
  response.setHeader('content-type', 'application/problem+json')
  response.end(JSON.stringify({ status: 404, code: 'not_found', detail: `no mock for ${request.method} ${path}` }))
}

export function mockServer(): Plugin {
  return {
    name: 'kitaplatz-mock',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/v1')) void handle(request, response)
        else next()
      })
    },
  }
}
