import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { rootApi } from '../../api/client'
import { useIdempotencyKey, useSend } from '../../api/hooks'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n'
import { looksLikeEmail } from '../../lib/form'
import { Button, ErrorSummary, Select, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { STATES, type StateCode } from './states'

type New = { slug: string; name: string; ags: string; ars: string; federal_state: StateCode | ''; admin_email: string; language: Language }
const EMPTY: New = { slug: '', name: '', ags: '', ars: '', federal_state: '', admin_email: '', language: 'de' }

/** A new municipality and who administers it first. */
export function CreateForm({ onDone }: { onDone: (name: string, email: string) => void }): JSX.Element {
  const { t } = useTranslation('operator')
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [value, setValue] = useState<New>(EMPTY)
  const [tried, setTried] = useState(false)
  const set = (patch: Partial<New>) => { renew(); setValue((old) => ({ ...old, ...patch })) }
  const send = useSend(() => rootApi.post('/operator/tenants', value, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!value.name.trim()) own['name'] = t('need')
  if (!/^[a-z][a-z0-9-]{1,39}$/.test(value.slug)) own['slug'] = t('create.needSlug')
  if (!/^(\d{5}|\d{8})$/.test(value.ags)) own['ags'] = t('create.needAgs')
  if (!/^(\d{5}|\d{12})$/.test(value.ars)) own['ars'] = t('create.needArs')
  if (!value.federal_state) own['federal_state'] = t('need')
  if (!looksLikeEmail(value.admin_email)) own['admin_email'] = t('create.needEmail')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const labels = Object.fromEntries((Object.keys(EMPTY) as (keyof New)[]).map((name) => [name, t(`create.field.${name}`)])) as Record<keyof New, string>
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) onDone(value.name.trim(), value.admin_email.trim())
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <TextField id="name" label={labels.name} value={value.name} onChange={(name) => set({ name })} error={errors['name']} />
      <TextField id="slug" label={labels.slug} hint={t('create.slugHint')} autoCapitalize="off" value={value.slug} onChange={(slug) => set({ slug })} error={errors['slug']} />
      <TextField id="ags" label={labels.ags} hint={t('create.agsHint')} inputMode="numeric" width="md" value={value.ags} onChange={(ags) => set({ ags })} error={errors['ags']} />
      <TextField id="ars" label={labels.ars} hint={t('create.arsHint')} inputMode="numeric" width="md" value={value.ars} onChange={(ars) => set({ ars })} error={errors['ars']} />
      <Select id="federal_state" label={labels.federal_state} empty={t('choose')} value={value.federal_state} onChange={(federal_state) => set({ federal_state })} options={STATES.map((code) => ({ value: code, label: t(`land.${code}`) }))} error={errors['federal_state']} />
      <TextField id="admin_email" label={labels.admin_email} hint={t('create.emailHint')} type="email" autoComplete="off" value={value.admin_email} onChange={(admin_email) => set({ admin_email })} error={errors['admin_email']} />
      <Select label={labels.language} value={value.language} onChange={(language) => set({ language })} options={LANGUAGES.map((code) => ({ value: code, label: LANGUAGE_NAMES[code] }))} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('create.send')}</Button></div>
    </form>
  )
}
