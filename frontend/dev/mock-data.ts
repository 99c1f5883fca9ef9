import { readFileSync } from 'node:fs'

// Real names for looking at pages while no server runs: one of the facility lists, if it is there.
export type Row = Record<string, string>

export function readCsv(path: string): Row[] {
  const text = readFileSync(path, 'utf8')
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] ?? ''
    if (quoted) {
      if (char === '"' && text[i + 1] === '"') { field += '"'; i += 1 }
      else if (char === '"') quoted = false
      else field += char
    } else if (char === '"') quoted = true
    else if (char === ',') { row.push(field); field = '' }
    else if (char === '\n') { row.push(field); rows.push(row); row = []; field = '' }
    else if (char !== '\r') field += char
  }
  const [head = [], ...body] = rows
  return body.filter((cells) => cells.length === head.length).map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])))
}

const STATES = ['covered', 'partly', 'full', 'unknown', 'full'] as const
const num = (text: string | undefined) => (text ? Number(text) : null)

export function facilities(rows: Row[]) {
  return rows.map((row, index) => {
    const state = STATES[index % STATES.length] ?? 'unknown'
    return {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      name: row['name'] ?? '', kind: 'daycare', care_types: ['nursery', 'kindergarten'],
      provider_name: row['provider_name'] || null, provider_kind: row['provider_name'] ? 'private_nonprofit' : null,
      street: row['street'] ?? '', house_number: row['house_number'] ?? '', postal_code: row['postal_code'] ?? '', city: row['city'] ?? '', district: row['district'] || null,
      latitude: num(row['latitude']), longitude: num(row['longitude']), distance_m: 300 + index * 420,
      opens_at: row['opening_from'] || null, closes_at: row['opening_to'] || null,
      concepts: row['concept'] ? [row['concept']] : [], languages: [], denomination: null, inclusive: null, barrier_free: row['barrier_free'] === '1' ? true : null,
      age_from_months: num(row['age_from_months']), age_to_months: num(row['age_to_months']),
      availability: { state, age_band: 'under3', free_from: state === 'partly' ? '2027-02-01' : null, free_until: state === 'partly' ? '2027-08-31' : null, confirmed_on: state === 'unknown' ? null : '2026-11-02', stale: index % 7 === 0 && state !== 'unknown', is_example: state !== 'unknown' },
    }
  })
}

export const TENANT = {
  slug: 'demo', name: 'Flensburg', ags: '01001000', ars: '010010000000', federal_state: 'SH', languages: ['de', 'en'], default_language: 'de',
  primary_color: '#0b5d8a', logo_url: null, office_name: 'Stadt Flensburg, Fachbereich Jugend', contact: { email: 'kita@flensburg.example', phone: '0461 85-0', address: 'Rathausplatz 1\n24937 Flensburg' },
  feedback_email: 'barriere@flensburg.example', max_preferences: 5, ranking: true, allocation_mode: 'decentral', notice_period_months: 6, kita_year_start: '08-01',
  earliest_application_days_before_birth: 180, earliest_start_age_months: 2, key_date: '02-01', second_factor_required_for_staff: false, official_header: false,
}

export const CRITERIA = [
  { id: 'c1', code: 'both_work', title: 'Beide Eltern arbeiten oder sind in Ausbildung', hint: 'Auch Studium, Schule und Arbeitssuche zählen.', evidence: 'Bescheinigung vom Arbeitgeber oder von der Hochschule', points: 10, scope: 'global', position: 1 },
  { id: 'c2', code: 'lone_parent', title: 'Ich erziehe allein', hint: '', evidence: 'Meldebescheinigung', points: 15, scope: 'global', position: 2 },
  { id: 'c3', code: 'sibling', title: 'Ein Geschwisterkind geht schon in eine der gewählten Kitas', hint: 'Die Punkte gelten nur bei dieser Kita.', evidence: 'Die Kita weiß das selbst.', points: 8, scope: 'local', position: 3 },
]
