// The shapes of accounts, staff, keys and the audit; see types.ts for the manner.

import type { Role } from './types'

export type Account = {
  id: string; email: string; display_name: string | null; kind: 'parent' | 'staff'; language: string; version: number
}
export type SessionRole = {
  membership_id: string; role: Role; provider_id: string | null; facility_id: string | null; label: string
}
export type Session = {
  account: Account | null
  roles: SessionRole[]
  second_factor: { enabled: boolean; required: boolean; required_from: string | null } | null
  expires_at: string | null
  acting: { mandate_id: string; family_name: string; may_act: boolean; valid_until: string; holds: boolean } | null
}
export type SessionListItem = {
  id: string; created_at: string; last_seen_at: string; current: boolean; user_agent: string; second_factor: boolean
}
export type SecondFactorSetup = { secret: string; otpauth_url: string; qr_svg: string }

export type Membership = {
  id: string; role: Role; provider_id: string | null; facility_id: string | null; label: string
}
export type StaffAccount = {
  account_id: string
  email: string
  display_name: string | null
  second_factor: boolean
  last_seen_at: string | null
  memberships: Membership[]
}
export type Invitation = {
  id: string; email: string; role: Role; label: string; expires_at: string
  state: 'open' | 'accepted' | 'expired' | 'revoked'
}
export type ApiKeyScope = 'facilities_read' | 'facilities_write' | 'demands_read'
export type ApiKeyState = 'active' | 'expired' | 'revoked'
export type ApiKey = {
  expires_at: string | null
  state: ApiKeyState
  id: string; name: string; scopes: ApiKeyScope[]; prefix: string
  created_at: string; last_used_at: string | null; revoked_at: string | null
}
export type CreatedApiKey = ApiKey & { key: string }
export type AuditEntry = {
  id: string; at: string; actor_kind: 'anonymous' | 'parent' | 'staff' | 'api_key' | 'system'; actor_label: string; role: Role | null
  action: string; object_id: string | null; request_id: string
  outcome: 'done' | 'refused'; code: string | null; reason: string | null; alert: boolean
  on_behalf_of: string | null; on_behalf_of_label: string | null
}
export type AuditFault = 'altered' | 'removed' | 'inserted' | 'backdated' | 'relinked' | 'hidden' | 'cut'
export type AuditChain = {
  sealed: number; pending: number; head: string | null; deleted_until: string | null; scheduled: boolean
  checks: { at: string; events: number; head: string; fault: AuditFault | null; event_id: string | null; event_at: string | null }[]
}
