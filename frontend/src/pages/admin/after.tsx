import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { AfterSettings, SettingsBody } from '../../api/types'
import { toIso, toParts, today } from '../../lib/dates'
import { Button, DateField, ErrorState, ErrorSummary, Page, Skeleton, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useUndo } from '../../staff'

const FIELDS: (keyof AfterSettings)[] = ['contract_notice_months', 'signature_reminder_days', 'followup_months_ahead', 'swap_answer_days']

function Form({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [values, setValues] = useState(() => Object.fromEntries(FIELDS.map((field) => [field, String(body.current.settings.after[field])])) as Record<keyof AfterSettings, string>)
  const [from, setFrom] = useState(toParts(today()))
  const [tried, setTried] = useState(false)
  const send = useSend((valid_from: string) => {
    const after = Object.fromEntries(FIELDS.map((field) => [field, Number(values[field])])) as AfterSettings
    return api.put('/admin/settings', { valid_from, settings: { ...body.current.settings, after } }, { version: body.version })
  })
  const own: Record<string, string> = {}
  for (const field of FIELDS) if (!/^\d+$/.test(values[field].trim())) own[`settings.after.${field}`] = t('settings.needNumber')
  if (!toIso(from)) own['valid_from'] = t('settings.needDate')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const names = Object.fromEntries([...FIELDS.map((field) => [`settings.after.${field}`, t(`settings.field.${field}`)]), ['valid_from', t('settings.from')]]) as Record<string, string>
  const submit = async () => {
    setTried(true)
    const valid = toIso(from)
    if (Object.keys(own).length === 0 && valid && (await send.run(valid))?.ok) onSaved()
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      {FIELDS.map((field) => <TextField key={field} id={`settings.after.${field}`} label={t(`settings.field.${field}`)} hint={t(`settings.hint.${field}`)} width="xs" inputMode="numeric" value={values[field]} onChange={(value) => setValues((old) => ({ ...old, [field]: value }))} error={errors[`settings.after.${field}`]} />)}
      <DateField id="valid_from" label={t('settings.from')} value={from} onChange={setFrom} error={errors['valid_from']} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('settings.save')}</Button></div>
    </form>
  )
}

/** What a municipality sets for contracts and the time after them. */
export function AfterSettingsPage(): JSX.Element {
  const { t } = useTranslation('aftercare')
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<SettingsBody>('/admin/settings')
  return (
    <Page title={t('settings.title')} lead={t('settings.lead')}>
      {query.isPending && <Skeleton lines={6} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Form key={query.data.version} body={query.data} onSaved={() => { offer(t('settings.saved')); void refresh('/admin/settings') }} />}
      {bar}
    </Page>
  )
}
