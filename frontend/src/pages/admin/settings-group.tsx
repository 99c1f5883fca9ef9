import { useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { Settings, SettingsBody } from '../../api/types'
import { toIso, toParts, today } from '../../lib/dates'
import { useUnsaved } from '../../lib/unsaved'
import { Button, DateField, ErrorSummary, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

type Group = 'after' | 'retention'
type Numbers<G extends Group> = { [K in keyof Settings[G]]: Settings[G][K] extends number ? K : never }[keyof Settings[G]] & string
type NumberWords = { label: string; hint?: string }

/** What a group has beside its numbers: its fields, what they say, and what is wrong with them by name. */
export type MoreSettings<G extends Group> = {
  values: Partial<Settings[G]>
  labels: Record<string, string>
  errors: Record<string, string>
  fields: (errors: Record<string, string>) => ReactNode
}

/** One group of the municipality's settings: whole numbers, more where there is more, and the day from which they hold. */
export function SettingsGroup<G extends Group>({ body, group, numbers, intro, more, onSaved }: {
  body: SettingsBody; group: G; numbers: Record<Numbers<G>, NumberWords>; intro?: ReactNode; more?: MoreSettings<G>; onSaved: () => void
}): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const current = body.current.settings[group]
  const fields = Object.entries(numbers) as [Numbers<G>, NumberWords][]
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(fields.map(([field]) => [field, String(current[field])])))
  const [from, setFrom] = useState(toParts(today()))
  const [tried, setTried] = useState(false)
  const send = useSend((valid_from: string) => {
    const said = Object.fromEntries(fields.map(([field]) => [field, Number(values[field])]))
    return api.put('/admin/settings', { valid_from, settings: { ...body.current.settings, [group]: { ...current, ...said, ...more?.values } } }, { version: body.version })
  })
  const changed = Object.entries(more?.values ?? {}).some(([field, value]) => value !== (current as Record<string, unknown>)[field])
  useUnsaved(changed || fields.some(([field]) => values[field] !== String(current[field])))
  const own: Record<string, string> = { ...more?.errors }
  for (const [field] of fields) if (!/^\d+$/.test((values[field] ?? '').trim())) own[`settings.${group}.${field}`] = t('needNumber')
  if (!toIso(from)) own['valid_from'] = t('needDate')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const names: Record<string, string> = { ...Object.fromEntries(fields.map(([field, words]) => [`settings.${group}.${field}`, words.label])), ...more?.labels, valid_from: t('group.from') }
  const submit = async () => {
    setTried(true)
    const valid = toIso(from)
    if (Object.keys(own).length === 0 && valid && (await send.run(valid))?.ok) onSaved()
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      {intro}
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      {fields.map(([field, words]) => <TextField key={field} id={`settings.${group}.${field}`} label={words.label} {...(words.hint ? { hint: words.hint } : {})} width="xs" inputMode="numeric" value={values[field] ?? ''} onChange={(value) => setValues((old) => ({ ...old, [field]: value }))} error={errors[`settings.${group}.${field}`]} />)}
      {more?.fields(errors)}
      <DateField id="valid_from" label={t('group.from')} value={from} onChange={setFrom} error={errors['valid_from']} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('group.save')}</Button></div>
    </form>
  )
}
