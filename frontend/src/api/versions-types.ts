// The shapes of earlier versions as the pages use them; see types.ts for the manner.

export type VersionKind = 'settings' | 'profile' | 'legal_page' | 'closing_days' | 'basis' | 'figures' | 'roles'
export type VersionChange = { path: string[]; before: unknown; after: unknown }
export type Version = {
  kind: VersionKind; subject: string; about: string | null; number: number; recorded_at: string; since: string | null
  by: string | null; found: boolean; latest: boolean; changes: VersionChange[]
}
