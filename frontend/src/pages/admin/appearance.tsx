import { useRef, useState, type JSX } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { TenantProfile } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { contrast, parseHex, textOn } from '../../lib/color'
import { looksLikeEmail } from '../../lib/form'
import { Alert, Button, Checkbox, ErrorState, ErrorSummary, Page, ProblemView, Section, Skeleton, TextArea, TextField } from '../../ui'
import { EarlierVersions, namedSummary, useUndo, useVersioned } from '../../staff'

type Values = Omit<TenantProfile, 'version' | 'name' | 'sender_address'> & { sender_address: string }
const toValues = ({ version: _version, name: _name, sender_address, ...rest }: TenantProfile): Values => ({ ...rest, sender_address: sender_address ?? '' })
const ENOUGH = 4.5

/** How a button looks in the chosen colour, and whether everybody can read it. */
function ColorPreview({ color }: { color: string }): JSX.Element | null {
  const { t, i18n } = useTranslation('admin')
  if (!parseHex(color)) return null
  const ratio = contrast(color, '#ffffff')
  const words = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(ratio)
  return (
    <div className="kp-preview">
      <div className="kp-row">
        <span className="kp-sample" style={{ background: color, color: textOn(color) }}>{t('look.sampleButton')}</span>
        <span style={{ color, background: '#ffffff', padding: '0.5rem' }}>{t('look.sampleText')}</span>
      </div>
      <p className="kern-body" role="status">{ratio >= ENOUGH ? t('look.contrastGood', { ratio: words }) : t('look.contrastBad', { ratio: words })}</p>
    </div>
  )
}

function Logo(): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const client = useQueryClient()
  const tenant = useTenant()
  const input = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const [done, setDone] = useState(0)
  const send = useSend((file: File) => api.put('/admin/logo', file, { contentType: file.type }))
  const onFile = async (file: File | undefined) => {
    setWrong(null)
    if (!file) return
    if (!['image/png', 'image/svg+xml'].includes(file.type)) { setWrong(t('look.logoKind')); return }
    if (file.size > 200 * 1024) { setWrong(t('look.logoSize')); return }
    const answer = await send.run(file)
    if (answer?.ok) { setDone(Date.now()); await client.invalidateQueries({ queryKey: [api.base, ''] }) }
    if (input.current) input.current.value = ''
  }
  return (
    <Section title={t('look.logo')}>
      <ProblemView problem={send.error} />
      {wrong && <Alert tone="danger" live title={wrong} />}
      {done > 0 && !wrong && !send.error && <Alert tone="success" live title={t('look.logoSaved')} />}
      {tenant.logo_url && <div className="kp-preview"><img src={`${tenant.logo_url}${done ? `?${done}` : ''}`} alt={t('look.logoAlt')} style={{ maxBlockSize: '4rem', maxInlineSize: '100%' }} /></div>}
      <div className="kern-form-input">
        <label className="kern-label" htmlFor="logo">{t('look.logoFile')}</label>
        <div className="kern-hint" id="logo-hint">{t('look.logoHint')}</div>
        <input id="logo" ref={input} type="file" accept="image/png,image/svg+xml" aria-describedby="logo-hint" onChange={(event) => void onFile(event.target.files?.[0])} />
      </div>
    </Section>
  )
}

function Form({ profile, onSaved }: { profile: TenantProfile; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const [tried, setTried] = useState(false)
  const labels: Record<keyof Values, string> = {
    office_name: t('look.office'), primary_color: t('look.color'), contact_email: t('look.email'), contact_phone: t('look.phone'), contact_address: t('look.address'),
    feedback_email: t('look.feedback'), sender_name: t('look.senderName'), sender_address: t('look.senderAddress'), official_header: t('look.official'),
  }
  const form = useVersioned<Values>({
    start: { value: toValues(profile), version: profile.version },
    save: (value, version) => api.patch('/admin/tenant', { ...value, sender_address: value.sender_address.trim() || null }, { version }),
    newest: async () => { const now = await api.get<TenantProfile>('/admin/tenant'); return { value: toValues(now), version: now.version } },
    labels,
    show: (_field, value) => (typeof value === 'boolean' ? (value ? t('yes') : t('no')) : value),
    onSaved,
  })
  const own: Record<string, string> = {}
  if (!form.value.office_name.trim()) own['office_name'] = t('look.needOffice')
  if (!parseHex(form.value.primary_color)) own['primary_color'] = t('look.needColor')
  else if (contrast(form.value.primary_color, '#ffffff') < ENOUGH) own['primary_color'] = t('look.needDarker')
  for (const name of ['contact_email', 'feedback_email', 'sender_address'] as const) {
    if (form.value[name] && !looksLikeEmail(form.value[name])) own[name] = t('needEmail')
  }
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const text = (name: 'office_name' | 'contact_email' | 'contact_phone' | 'feedback_email' | 'sender_name' | 'sender_address', optional = true, hint?: string) => (
    <TextField id={name} label={labels[name]} hint={hint} optional={optional} value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[name]} />
  )
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={form.problem} />
      {text('office_name', false)}
      <div className="kp-row">
        <TextField id="primary_color" label={labels.primary_color} hint={t('look.colorHint')} width="sm" value={form.value.primary_color} onChange={(primary_color) => form.set({ primary_color })} error={errors['primary_color']} />
        <input type="color" className="kp-color" aria-label={t('look.pick')} value={parseHex(form.value.primary_color) ? form.value.primary_color : '#000000'} onChange={(event) => form.set({ primary_color: event.target.value })} />
      </div>
      <ColorPreview color={form.value.primary_color} />
      <div className="kp-grid2">{text('contact_email')}{text('contact_phone')}</div>
      <TextArea id="contact_address" label={labels.contact_address} optional rows={3} value={form.value.contact_address} onChange={(contact_address) => form.set({ contact_address })} error={errors['contact_address']} />
      {text('feedback_email', true, t('look.feedbackHint'))}
      <div className="kp-grid2">{text('sender_name')}{text('sender_address', true, t('look.senderHint'))}</div>
      <Checkbox label={labels.official_header} hint={t('look.officialHint')} checked={form.value.official_header} onChange={(official_header) => form.set({ official_header })} />
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('look.save')}</Button></div>
    </form>
  )
}

export function AppearancePage(): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  // The form begins anew with a restored version.
  const [restored, setRestored] = useState(0)
  const query = useGet<TenantProfile>('/admin/tenant')
  return (
    <Page title={t('look.title')} lead={query.data && t('look.lead', { name: query.data.name })}>
      {query.isPending && <Skeleton blocks={2} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Form key={restored} profile={query.data} onSaved={async () => { offer(t('look.saved')); await refresh('/admin/tenant', '/admin/versions'); await client.invalidateQueries({ queryKey: [api.base, ''] }) }} />}
      <Logo />
      {query.data && <EarlierVersions query={{ kind: 'profile' }} restore={(version) => api.put('/admin/tenant/restored', { number: version.number }, { version: query.data.version })} onRestored={async (message) => { await refresh('/admin/tenant'); await client.invalidateQueries({ queryKey: [api.base, ''] }); setRestored(restored + 1); offer(message) }} />}
      {bar}
    </Page>
  )
}
