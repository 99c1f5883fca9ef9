// The shapes of the inbox, of a facility's lists, of appointments and notes as the pages use them; see types.ts for the manner.

export type InboxKind = 'answer' | 'document' | 'offer' | 'contract' | 'consent' | 'permit' | 'staff' | 'shortage' | 'absence' | 'decline' | 'termination'
export type InboxItem = {
  kind: InboxKind
  preference_id: string | null
  contract_id: string | null
  facility_id: string
  facility_name: string
  child_label: string | null
  due_on: string | null
  count: number
  since: string
}
export type FacilityListTable = { title: string; headers: string[]; rows: string[][]; child_ids: string[] }
export type Visit = { id: string; facility_name: string; starts_at: string; minutes: number; place: string; cancelled_at: string | null; version: number }
export type VisitOfPreference = { visit: Visit | null }
export type VisitInput = { starts_at: string; minutes: number; place: string }
export type PreferenceNote = { id: string; words: string; written_by: string; written_at: string }
