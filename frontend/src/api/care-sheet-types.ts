// The shapes of care sheets as the pages use them; see types.ts for the manner.

export type Allergy = { substance: string; measures: string }
export type PickupPerson = { name: string; relation: string; phone: string; until: string | null }
export type CareSheetEntries = { allergies: Allergy[]; pickups: PickupPerson[] }
export type CareSheet = { child_label: string; entries: CareSheetEntries; health_consent_at: string | null; writable: boolean; version: number }
