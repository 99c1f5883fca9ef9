import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh } from '../../api/hooks'
import type { CareSheet, CareSheetEntries } from '../../api/care-sheet-types'
import { formatDateTime } from '../../lib/dates'
import { Alert, Button, Checkbox, ErrorState, ErrorSummary, Section, Skeleton, TextField } from '../../ui'
import { namedSummary, useUndo, useVersioned } from '../../staff'
import { Rows, type Errors } from '../work/basis-rows'

type Value = CareSheetEntries & { consent: boolean }
type PartProps = { value: Value; set: (patch: Partial<Value>) => void; errors: Errors }

const valueOf = (sheet: CareSheet): Value => ({ ...sheet.entries, consent: sheet.health_consent_at !== null })

function Pickups({ value, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('careSheet')
  return (
    <Rows
      rows={value.pickups} onChange={(pickups) => set({ pickups })} blank={() => ({ name: '', relation: '', phone: '', until: null })} add={t('pickup.add')} label={(n) => t('pickup.nth', { n })}
      render={(row, edit, n) => (
        <div className="kp-basis-fields">
          <TextField id={`entries.pickups.${n}.name`} label={t('pickup.name')} autoComplete="off" maxLength={120} value={row.name} onChange={(name) => edit({ name })} error={errors[`entries.pickups.${n}.name`]} />
          <TextField id={`entries.pickups.${n}.relation`} label={t('pickup.relation')} hint={t('pickup.relationHint')} optional maxLength={60} value={row.relation} onChange={(relation) => edit({ relation })} error={errors[`entries.pickups.${n}.relation`]} />
          <TextField id={`entries.pickups.${n}.phone`} type="tel" label={t('pickup.phone')} optional autoComplete="off" maxLength={40} value={row.phone} onChange={(phone) => edit({ phone })} error={errors[`entries.pickups.${n}.phone`]} />
          <TextField id={`entries.pickups.${n}.until`} type="date" label={t('pickup.until')} optional value={row.until ?? ''} onChange={(until) => edit({ until: until || null })} error={errors[`entries.pickups.${n}.until`]} />
        </div>
      )}
    />
  )
}

function Allergies({ value, set, errors }: PartProps): JSX.Element {
  const { t } = useTranslation('careSheet')
  return (
    <>
      <Rows
        rows={value.allergies} onChange={(allergies) => set({ allergies })} blank={() => ({ substance: '', measures: '' })} add={t('allergy.add')} label={(n) => t('allergy.nth', { n })}
        render={(row, edit, n) => (
          <div className="kp-basis-fields">
            <TextField id={`entries.allergies.${n}.substance`} label={t('allergy.substance')} hint={t('allergy.substanceHint')} maxLength={120} value={row.substance} onChange={(substance) => edit({ substance })} error={errors[`entries.allergies.${n}.substance`]} />
            <TextField id={`entries.allergies.${n}.measures`} label={t('allergy.measures')} hint={t('allergy.measuresHint')} optional maxLength={300} value={row.measures} onChange={(measures) => edit({ measures })} error={errors[`entries.allergies.${n}.measures`]} />
          </div>
        )}
      />
      {value.allergies.length > 0 && <Checkbox id="health_consent" label={t('consent')} hint={t('consentHint')} checked={value.consent} onChange={(consent) => set({ consent })} error={errors['health_consent']} />}
    </>
  )
}

function SheetForm({ path, sheet, onSaved }: { path: string; sheet: CareSheet; onSaved: () => Promise<void> }): JSX.Element {
  const { t, i18n } = useTranslation('careSheet')
  const api = useApi()
  const [tried, setTried] = useState(false)
  const form = useVersioned<Value>({
    start: { value: valueOf(sheet), version: sheet.version },
    save: ({ consent, ...entries }, version) => api.put(path, { entries, health_consent: consent }, { version }),
    newest: async () => {
      const now = await api.get<CareSheet>(path)
      return { value: valueOf(now), version: now.version }
    },
    labels: { pickups: t('pickup.title'), allergies: t('allergy.title'), consent: t('consent') },
    show: (field, value) => (field === 'consent' ? t(value ? 'yes' : 'no') : (value as object[]).map((row) => Object.values(row).filter(Boolean).join(', ')).join(' · ') || t('none')),
    onSaved,
  })
  const own: Errors = {}
  form.value.pickups.forEach((row, n) => { if (!row.name.trim()) own[`entries.pickups.${n}.name`] = t('need.name') })
  form.value.allergies.forEach((row, n) => { if (!row.substance.trim()) own[`entries.allergies.${n}.substance`] = t('need.substance') })
  if (form.value.allergies.length > 0 && !form.value.consent) own['health_consent'] = t('need.consent')
  const errors: Errors = { ...form.errors, ...(tried ? own : {}) }
  const part: PartProps = { value: form.value, set: form.set, errors }
  const submit = () => { setTried(true); if (Object.keys(own).length === 0) void form.submit() }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, {})} problem={form.problem} />
      <Section title={t('pickup.title')}><p className="kern-body">{t('pickup.text')}</p><Pickups {...part} /></Section>
      <Section title={t('allergy.title')}>
        <p className="kern-body">{t('allergy.text')}</p>
        <Allergies {...part} />
        {sheet.health_consent_at && <p className="kern-body kp-muted">{t('consentSince', { at: formatDateTime(sheet.health_consent_at, i18n.language) })}</p>}
      </Section>
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('save')}</Button></div>
    </form>
  )
}

/** A child's care sheet at a path of the API: who may pick it up, what it must not eat or touch. */
export function CareSheetView({ path }: { path: string }): JSX.Element {
  const { t } = useTranslation('careSheet')
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<CareSheet>(path)
  if (query.isPending) return <Skeleton blocks={2} lines={4} />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data.writable) return <Alert tone="info" title={t('noContract')}>{t('noContractText')}</Alert>
  return (
    <>
      <SheetForm path={path} sheet={query.data} onSaved={async () => { offer(t('saved')); await refresh(path, '/staff') }} />
      {bar}
    </>
  )
}
