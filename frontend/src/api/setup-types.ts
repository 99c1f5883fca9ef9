// The shapes of setting a municipality up as the pages use them; see types.ts for the manner.

export type SetupStep = 'contact' | 'legal' | 'settings' | 'closing_days' | 'facilities' | 'criteria' | 'templates' | 'notices' | 'people' | 'retention'
export type SetupLack = { what: string; count: number | null }
export type Setup = { done: boolean; steps: { step: SetupStep; done: boolean; lacks: SetupLack[] }[] }
export type Holidays = { year: number; federal_state: string; items: { day: string; name: string; in_parts: boolean; closed: boolean }[] }
