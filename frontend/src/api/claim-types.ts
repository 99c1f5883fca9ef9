// The shapes of claim codes and of the import of families as the pages use them; see types.ts for the manner.

export type ClaimedChild = { id: string; label: string }
export type FamilyAccess = {
  guardian_id: string
  name: string
  has_account: boolean
  issued_at: string | null
  expires_at: string | null
  used_at: string | null
}
export type ClaimProgress = { without_account: number; without_code: number; in_batch: number; claimed: number }
export type ClaimBatch = {
  id: string
  only_imported: boolean
  created_at: string
  written_at: string | null
  letters: number
  claimed: number
}

export type RowState = 'new' | 'known' | 'known_differs' | 'duplicate' | 'faulty'
export type RowNote = { row: number; column: string; code: string; detail: string }
export type RowReport = { row: number; source_id: string; state: RowState; faults: RowNote[]; child_id: string | null }
export type FamilyReport = {
  rows: number
  new: number
  known: number
  known_differs: number
  duplicates: number
  faulty: number
  contracts: number
  list_faults: RowNote[]
  items: RowReport[]
  written: boolean
}
export type FamilyMapping = {
  mapping: Record<string, unknown>
  version: number
  fields: { name: string; header: string; required: boolean; description: string }[]
}
