import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../api/hooks'
import type { Invitation, Membership, Provider, Role, StaffAccount } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { LANGUAGE_NAMES, isLanguage } from '../../i18n'
import { looksLikeEmail } from '../../lib/form'
import { useWords } from '../../lib/words'
import { Badge, Button, Dialog, ErrorState, ErrorSummary, Page, ProblemView, Section, Select, TextField, useFieldErrors } from '../../ui'
import { DataTable, EarlierVersions, FacilityPicker, FilterBar, namedSummary, namesOf, Panel, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter, type Picked } from '../../staff'

const ROLES: Role[] = ['facility_manager', 'provider_manager', 'childminder', 'clerk', 'tenant_admin', 'read_only', 'counsellor']
const STATES: Invitation['state'][] = ['open', 'accepted', 'expired', 'revoked']
const needsFacility = (role: Role | ''): boolean => role === 'facility_manager' || role === 'childminder'
const needsProvider = (role: Role | ''): boolean => role === 'provider_manager'

/** Until somebody has accepted an invitation there is only the address. */
const nameOf = (account: StaffAccount): string => account.display_name ?? account.email

type Scope = { role: Role | ''; facility: Picked | null; provider: string }
const NO_SCOPE: Scope = { role: '', facility: null, provider: '' }
const toBody = (scope: Scope) => ({
  role: scope.role,
  provider_id: needsProvider(scope.role) ? scope.provider : null,
  facility_id: needsFacility(scope.role) ? scope.facility?.id ?? null : null,
})
function useScopeCheck(): (scope: Scope) => Record<string, string> {
  const { t } = useTranslation('admin')
  return (scope) => ({
    ...(scope.role === '' ? { role: t('people.needRole') } : {}),
    ...(needsFacility(scope.role) && !scope.facility ? { facility_id: t('people.needFacility') } : {}),
    ...(needsProvider(scope.role) && !scope.provider ? { provider_id: t('people.needProvider') } : {}),
  })
}

/** A role and what it reaches. */
function ScopeFields({ scope, onChange, errors }: { scope: Scope; onChange: (next: Scope) => void; errors: Record<string, string> }): JSX.Element {
  const { t } = useTranslation('admin')
  const words = useWords()
  const providers = useList<Provider>('/admin/providers', { limit: 200 }, { enabled: needsProvider(scope.role) })
  return (
    <>
      <Select id="role" label={t('people.role')} hint={scope.role && t(`people.roleHint.${scope.role as 'clerk'}`)} value={scope.role} empty={t('choose')} onChange={(role) => onChange({ ...scope, role })} options={ROLES.map((value) => ({ value, label: words.role(value) }))} error={errors['role']} />
      {needsFacility(scope.role) && <FacilityPicker id="facility_id" label={t('people.facility')} value={scope.facility} onChange={(facility) => onChange({ ...scope, facility })} error={errors['facility_id']} />}
      {needsProvider(scope.role) && providers.error && <ErrorState part problem={providers.error} onRetry={() => void providers.refetch()} />}
      {needsProvider(scope.role) && !providers.error && <Select id="provider_id" label={t('people.provider')} value={scope.provider} empty={t('choose')} onChange={(provider) => onChange({ ...scope, provider })} options={providers.items.map((entry) => ({ value: entry.id, label: entry.name }))} error={errors['provider_id']} />}
    </>
  )
}

function InviteForm({ onInvited }: { onInvited: (email: string) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const tenant = useTenant()
  const serverErrors = useFieldErrors()
  const check = useScopeCheck()
  const { key, renew } = useIdempotencyKey()
  const [email, setEmail] = useState('')
  const [scope, setScope] = useState<Scope>(NO_SCOPE)
  const [language, setLanguage] = useState(tenant.default_language)
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post('/admin/invitations', { email: email.trim(), ...toBody(scope), language }, { idempotencyKey: key() }))
  const own: Record<string, string> = { ...(looksLikeEmail(email) ? {} : { email: t('needEmail') }), ...check(scope) }
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { onInvited(email.trim()); renew(); setEmail(''); setScope(NO_SCOPE); setTried(false) }
  }
  const labels = { email: t('people.email'), role: t('people.role'), facility_id: t('people.facility'), provider_id: t('people.provider') }
  return (
    <form className="kp-form kp-page--text" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <TextField id="email" label={labels.email} type="email" autoComplete="off" value={email} onChange={(value) => { renew(); setEmail(value) }} error={errors['email']} />
      <ScopeFields scope={scope} onChange={(next) => { renew(); setScope(next) }} errors={errors} />
      {tenant.languages.length > 1 && <Select label={t('people.language')} value={language} onChange={(value) => { renew(); setLanguage(value) }} options={tenant.languages.map((value) => ({ value, label: isLanguage(value) ? LANGUAGE_NAMES[value] : value }))} />}
      <div className="kp-actions"><Button type="submit" icon="mail" busy={send.busy}>{t('people.invite')}</Button></div>
    </form>
  )
}

function GrantForm({ account, onGranted }: { account: StaffAccount; onGranted: () => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const check = useScopeCheck()
  const { key, renew } = useIdempotencyKey()
  const [scope, setScope] = useState<Scope>(NO_SCOPE)
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post('/admin/memberships', { account_id: account.account_id, ...toBody(scope) }, { idempotencyKey: key() }))
  const own = check(scope)
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { renew(); setScope(NO_SCOPE); setTried(false); onGranted() }
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { role: t('people.role'), facility_id: t('people.facility'), provider_id: t('people.provider') })} problem={send.error} />
      <ScopeFields scope={scope} onChange={(next) => { renew(); setScope(next) }} errors={errors} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('people.grant')}</Button></div>
    </form>
  )
}

function PersonPanel({ account, onClose, onChanged }: { account: StaffAccount; onClose: () => void; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const [ending, setEnding] = useState<Membership | null>(null)
  const end = useSend((id: string) => api.delete(`/admin/memberships/${id}`))
  const onEnd = async () => {
    if (!ending) return
    const answer = await end.run(ending.id)
    if (answer?.ok) { setEnding(null); onChanged(t('people.ended', { name: nameOf(account) })) }
  }
  return (
    <Panel title={nameOf(account)} subtitle={account.email} onClose={onClose}>
      <h3>{t('people.roles')}</h3>
      <ul className="kp-plain-list">
        {account.memberships.map((entry) => (
          <li key={entry.id} className="kp-row kp-row--between">
            <span>{words.role(entry.role)}{entry.label && `, ${entry.label}`}</span>
            <Button small kind="tertiary" danger onClick={() => setEnding(entry)} aria-label={t('people.endFor', { role: words.role(entry.role) })}>{t('people.end')}</Button>
          </li>
        ))}
      </ul>
      <h3>{t('people.addRole')}</h3>
      <GrantForm account={account} onGranted={() => onChanged(t('people.granted', { name: nameOf(account) }))} />
      <EarlierVersions query={{ kind: 'roles', subject: account.account_id }} />
      <Dialog open={ending !== null} title={t('people.end')} onClose={() => setEnding(null)} footer={<><Button danger busy={end.busy} onClick={() => void onEnd()}>{t('people.end')}</Button><Button kind="secondary" onClick={() => setEnding(null)}>{common('action.cancel')}</Button></>}>
        <ProblemView problem={end.error} />
        <p className="kern-body">{ending && t('people.endText', { name: nameOf(account), role: words.role(ending.role) })}</p>
      </Dialog>
    </Panel>
  )
}

function Invitations({ onRevoked }: { onRevoked: (email: string) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const { values } = useAddress()
  const sorting = useSorting({ by: 'expires', direction: 'desc' }, 'einladungen')
  const filters: Filter[] = [
    { name: 'invited', label: t('people.invitedAddress'), kind: 'text' },
    { name: 'invited_as', label: t('people.role'), kind: 'one', options: ROLES.map((value) => ({ value, label: words.role(value) })) },
    { name: 'invited_state', label: t('people.state'), kind: 'one', options: STATES.map((value) => ({ value, label: t(`people.invitation.${value}`) })) },
  ]
  const list = useList<Invitation>('/admin/invitations', { email: values['invited'], role: values['invited_as'], state: values['invited_state'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const revoke = useSend((row: Invitation) => api.delete(`/admin/invitations/${row.id}`))
  const onRevoke = async (row: Invitation) => {
    const answer = await revoke.run(row)
    await refresh('/admin/invitations')
    if (answer?.ok) onRevoked(row.email)
  }
  const columns: Col<Invitation>[] = [
    { id: 'email', sort: 'email', header: t('people.email'), fixed: true, text: (row) => row.email, cell: (row) => row.email },
    { id: 'role', header: t('people.role'), text: (row) => words.role(row.role), cell: (row) => <>{words.role(row.role)}{row.label && `, ${row.label}`}</> },
    { id: 'state', sort: 'state', header: t('people.state'), text: (row) => t(`people.invitation.${row.state}`), cell: (row) => <Badge tone={row.state === 'open' ? 'info' : row.state === 'accepted' ? 'success' : 'neutral'} icon={row.state === 'open' ? 'mail' : row.state === 'accepted' ? 'check' : 'clock'}>{t(`people.invitation.${row.state}`)}</Badge> },
    { id: 'expires', sort: 'expires', header: t('people.expires'), text: (row) => row.expires_at, cell: (row) => format.date(row.expires_at) },
    { id: 'act', header: t('action'), fixed: true, cell: (row) => row.state === 'open' && <Button small kind="tertiary" onClick={() => void onRevoke(row)} aria-label={t('people.revokeFor', { email: row.email })}>{t('people.revoke')}</Button> },
  ]
  return (
    <>
      <ProblemView problem={revoke.error} />
      <FilterBar name="invitations" filters={filters} />
      <DataTable name="einladungen" caption={t('people.invitations')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id} filteredBy={filters.map((filter) => filter.name)} empty={{ title: t('people.noInvitations'), text: t('people.noInvitationsText') }} />
    </>
  )
}

export function StaffPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const sorting = useSorting({ by: 'email', direction: 'asc' })
  const list = useList<StaffAccount>('/admin/staff', { q: values['q'], role: values['role'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const filters: Filter[] = [{ name: 'role', label: t('people.role'), kind: 'one', options: ROLES.map((value) => ({ value, label: words.role(value) })) }]
  const open = list.items.find((row) => row.account_id === values['fall'])
  const roles = (row: StaffAccount) => row.memberships.map((entry) => (entry.label ? `${words.role(entry.role)} (${entry.label})` : words.role(entry.role))).join(', ')
  const columns: Col<StaffAccount>[] = [
    { id: 'name', sort: 'name', header: t('people.name'), fixed: true, text: nameOf, cell: nameOf },
    { id: 'email', sort: 'email', header: t('people.email'), text: (row) => row.email, cell: (row) => row.email },
    { id: 'roles', header: t('people.roles'), text: roles, cell: (row) => roles(row) || t('people.noRole') },
    { id: 'factor', header: t('people.factor'), text: (row) => (row.second_factor ? t('yes') : t('no')), cell: (row) => (row.second_factor ? t('yes') : t('no')) },
    { id: 'seen', sort: 'seen', header: t('people.seen'), text: (row) => row.last_seen_at, cell: (row) => (row.last_seen_at ? format.dateTime(row.last_seen_at) : t('never')) },
  ]
  return (
    <Page title={t('people.title')} width="full">
      <FilterBar name="staff" search={t('people.search')} filters={filters} />
      <WithPanel panel={open && <PersonPanel key={open.account_id} account={open} onClose={() => set({ fall: null })} onChanged={(message) => { offer(message); void refresh('/admin/staff', '/admin/versions') }} />}>
        <DataTable name="personal" caption={t('people.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.account_id} rowTitle={nameOf} openId={values['fall'] ?? null} onOpen={(row) => set({ fall: row.account_id })} onClose={() => set({ fall: null })} filteredBy={namesOf(filters)} empty={{ title: t('people.empty') }} />
      </WithPanel>
      <Section title={t('people.invitations')}><Invitations onRevoked={(email) => offer(t('people.revoked', { email }))} /></Section>
      <Section title={t('people.invite')}><InviteForm onInvited={(email) => { offer(t('people.invited', { email })); void refresh('/admin/invitations') }} /></Section>
      {bar}
    </Page>
  )
}
