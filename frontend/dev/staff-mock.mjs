// A stand-in for the server while looking at the staff pages: node dev/staff-mock.mjs, then KITAPLATZ_API=http://localhost:8090 npm run dev
import { createServer } from 'node:http'
import * as data from './staff-data.mjs'

const byId = (list, id) => list.find((entry) => entry.id === id)
const ACT = { review: 'under_review', invite: 'invited', waitlist: 'waitlisted', refuse: 'refused', reopen: 'under_review' }
let operatorSignedIn = false

function listPreferences(query) {
  const states = query.get('state')?.split(',')
  const text = (query.get('q') ?? '').toLowerCase()
  const keys = { priority: (row) => row.points, age: (row) => row.child.age_months_at_start ?? 0, start: (row) => row.desired_start, received: (row) => row.received_at, answer_due: (row) => row.answer_due_on ?? '9999' }
  const key = keys[query.get('sort')] ?? keys.priority
  const turn = query.get('direction') === 'desc' ? -1 : 1
  const rows = data.preferences.filter((row) => (!states || states.includes(row.state)) && (!query.get('facility_id') || row.facility_id === query.get('facility_id'))
    && (!query.get('age_band') || row.child.age_band === query.get('age_band')) && (!text || `${row.child.label} ${row.reference_code}`.toLowerCase().includes(text)))
  return data.page([...rows].sort((a, b) => (key(a) < key(b) ? -turn : key(a) > key(b) ? turn : 0)))
}

const GET = [
  [/^$/, () => data.tenant],
  [/^\/session$/, () => data.session],
  [/^\/criteria$/, () => ({ items: data.criteria })],
  [/^\/facilities$/, () => ({ ...data.page(data.facilityList), origin: null, sources: [] })],
  [/^\/facilities\/([^/]+)$/, (m) => ({ ...(byId(data.facilityList, m[1]) ?? data.facilityList[0]), description: null, website: null, contact_email: null, phone: null, closing_days: [], capacity: [], source: null, median_reply_days: null, version: 2 })],
  [/^\/legal\/(\w+)$/, (m) => ({ kind: m[1], language: 'de', title: 'Impressum', body: '## Angaben nach § 5 DDG\n\nStadt Musterhausen\n\nRathausplatz 1', updated_at: '2026-10-01T10:00:00Z', version: 1 })],
  [/^\/staff\/facilities$/, () => ({ items: data.myFacilities })],
  [/^\/staff\/facilities\/([^/]+)\/capacity$/, (m) => data.capacity(m[1])],
  [/^\/staff\/preferences$/, (_, query) => listPreferences(query)],
  [/^\/staff\/preferences\/([^/]+)$/, (m) => data.detail(byId(data.preferences, m[1]))],
  [/^\/staff\/offers$/, () => data.page(data.offers)],
  [/^\/contracts$/, () => data.page(data.contracts)],
  [/^\/office\/overview$/, () => data.overview],
  [/^\/office\/demands$/, () => data.page(data.demands)],
  [/^\/office\/demands\/([^/]+)$/, (m) => data.demandDetail(byId(data.demands, m[1]) ?? data.demands[0])],
  [/^\/office\/silent-facilities$/, () => ({ items: data.FACILITIES.map((name, n) => ({ facility_id: data.id('f', n), name, open_preferences: 12 - n, oldest_received_at: `${data.shift(-90 + n * 9)}T08:00:00Z`, oldest_days: 90 - n * 9 })) })],
  [/^\/office\/dead-letters$/, () => data.page(data.preferences.slice(0, 3).map((row, n) => ({ id: data.id('4', n), kind: 'offer', created_at: row.received_at, recipient_label: 'k…@example.org', last_error: '550 5.1.1 mailbox unavailable', attempts: 8, reference_code: row.reference_code })))],
  [/^\/office\/letters$/, (_, query) => data.page(data.preferences.slice(0, 8).map((row, n) => ({ id: data.id('3', n), kind: 'receipt', created_at: row.received_at, recipient_label: 'Familie Bergmann', reference_code: row.reference_code, printed_at: query.get('state') === 'printed' ? row.received_at : null })))],
  [/^\/admin\/settings$/, () => data.settingsBody],
  [/^\/admin\/tenant$/, () => data.profile],
  [/^\/admin\/criteria$/, () => ({ items: data.criteria })],
  [/^\/admin\/closing-days$/, () => ({ items: ['2026-12-24', '2026-12-25', '2027-04-05'].map((day, n) => ({ id: data.id('0', n), day, note: ['Heiligabend', '1. Weihnachtstag', 'Teamtag der Kita Sonnenblume'][n], facility_id: n === 2 ? data.id('f', 0) : null })) })],
  [/^\/admin\/staff$/, () => data.page(data.staff)],
  [/^\/admin\/invitations$/, () => data.page([{ id: data.id('0', 9), email: 'neue.leitung@musterhausen.example', role: 'facility_manager', label: data.FACILITIES[1], expires_at: `${data.shift(5)}T00:00:00Z`, state: 'open' }])],
  [/^\/admin\/providers$/, () => data.page(data.providers)],
  [/^\/admin\/api-keys$/, () => data.page([{ id: data.id('0', 7), name: 'Statistik der Stadt', scopes: ['facilities_read'], prefix: 'kp_4f2a', created_at: '2026-05-01T10:00:00Z', last_used_at: `${data.shift(-1)}T02:00:00Z`, revoked_at: null }])],
  [/^\/admin\/audit$/, () => data.page(data.audit)],
]

function change(method, path, body) {
  const step = /^\/staff\/preferences\/([^/]+)\/(\w+)$/.exec(path)
  if (step) {
    const row = byId(data.preferences, step[1])
    Object.assign(row, { state: ACT[step[2]], version: row.version + 1 })
    return [200, row]
  }
  if (path === '/staff/offers') return [409, { code: 'offer.no_place', title: 'No place', status: 409, detail: 'no place', errors: [], request_id: 'req-mock-1' }]
  if (path.endsWith('/capacity/confirm')) return [200, data.capacity('x')]
  if (path === '/admin/tenant') return [412, { code: 'version.stale', title: 'Stale', status: 412, detail: 'stale', errors: [], request_id: 'req-mock-2' }]
  if (path.startsWith('/admin/imports')) return [200, { rows: 250, created: 3, updated: 12, unchanged: 233, dry_run: true, errors: [{ row: 17, column: 'postal_code', code: 'invalid', detail: 'a postal code has five digits' }, { row: 40, column: 'latitude', code: 'invalid', detail: 'not a number' }] }]
  if (path === '/admin/api-keys') return [201, { id: 'x', name: body.name, scopes: body.scopes, prefix: 'kp_9b1c', created_at: new Date().toISOString(), last_used_at: null, revoked_at: null, key: 'kp_9b1c_2h4JmUq0sPzR7yXw8VtEoAaLd5Nn' }]
  return method === 'DELETE' ? [204, null] : [200, { ...body, id: 'x', version: 9 }]
}

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', 'x-request-id': 'req-mock' })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  }
  let text = ''
  request.on('data', (chunk) => { text += chunk })
  request.on('end', () => {
    if (url.pathname === '/api/v1/tenants') return send(200, data.page([data.tenant]))
    if (url.pathname.startsWith('/api/v1/operator')) {
      if (request.method === 'POST' && url.pathname.endsWith('/session')) operatorSignedIn = true
      if (url.pathname.endsWith('/session')) return send(200, { account: operatorSignedIn ? { email: 'betrieb@example.org' } : null })
      return send(200, request.method === 'GET' ? data.page(data.operatorTenants) : data.operatorTenants[0])
    }
    const path = url.pathname.replace(/^\/api\/v1\/[^/]+/, '')
    if (request.method === 'GET') {
      for (const [pattern, answer] of GET) {
        const match = pattern.exec(path)
        if (match) return send(200, answer(match, url.searchParams))
      }
      return send(404, { code: 'not_found', title: 'Not found', status: 404, detail: 'not found', errors: [], request_id: 'req-mock' })
    }
    const json = (request.headers['content-type'] ?? '').includes('json') && text ? JSON.parse(text) : {}
    return send(...change(request.method, path, json))
  })
}).listen(8090, () => console.log('mock on http://localhost:8090'))
