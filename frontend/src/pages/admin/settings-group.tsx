import { useState, type JSX, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { keyOf } from '../../api/hooks'
import type { Settings, SettingsBody } from '../../api/types'
import { formatDate, toIso, toParts, today, type DateParts } from '../../lib/dates'
import { Button, DateField, ErrorSummary, Lines, TextField } from '../../ui'
import { namedSummary, useVersioned } from '../../staff'

type Group = 'after' | 'retention'
type Numbers<G extends Group> = { [K in keyof Settings[G]]: Settings[G][K] extends number ? K : never }[keyof Settings[G]] & string
type NumberWords = { label: string; hint?: string }

/** What a group has beside its numbers: its fields as they are typed, what they say, and what is wrong with them by name. */
export type MoreSettings<G extends Group, M extends object> = {
  start: (settings: Settings[G]) => M
  values: (typed: M) => Partial<Settings[G]>
  labels: Record<keyof M & string, string>
  show: (field: keyof M & string, typed: M) => string
  errors: (typed: M) => Record<string, string>
  fields: (typed: M, set: (patch: Partial<M>) => void, errors: Record<string, string>) => ReactNode
}
type Typed<M> = { numbers: Record<string, string>; more: M | null }
type Value<M> = { typed: Typed<M>; valid_from: DateParts }

const PATH = '/admin/settings'

/** One group of the municipality's settings: whole numbers, more where there is more, and the day from which they hold. */
export function SettingsGroup<G extends Group, M extends object = object>({ body, group, numbers, intro, more, onSaved }: {
  body: SettingsBody; group: G; numbers: Record<Numbers<G>, NumberWords>; intro?: ReactNode; more?: MoreSettings<G, M>; onSaved: () => void
}): JSX.Element {
  const { t, i18n } = useTranslation('admin')
  const api = useApi()
  const client = useQueryClient()
  const fields = Object.entries(numbers) as [Numbers<G>, NumberWords][]
  const [first] = useState(() => toParts(today()))
  const [tried, setTried] = useState(false)
  const stateOf = (found: SettingsBody): { value: Value<M>; version: number } => {
    const settings = found.current.settings[group]
    const said = Object.fromEntries(fields.map(([field]) => [field, String(settings[field])]))
    return { value: { typed: { numbers: said, more: more?.start(settings) ?? null }, valid_from: first }, version: found.version }
  }
  const moreLabels = Object.entries(more?.labels ?? {}) as [keyof M & string, string][]
  const lines = ({ numbers: said, more: typed }: Typed<M>): string[] => [
    ...fields.map(([field, words]) => `${words.label}: ${said[field] ?? ''}`),
    ...moreLabels.map(([field, label]) => `${label}: ${typed && more ? more.show(field, typed) || '–' : '–'}`),
  ]
  const form = useVersioned<Value<M>>({
    start: stateOf(body),
    save: ({ typed, valid_from }, version) => {
      const said = Object.fromEntries(fields.map(([field]) => [field, Number(typed.numbers[field])]))
      const { settings } = body.current
      return api.put(PATH, { valid_from: toIso(valid_from), settings: { ...settings, [group]: { ...settings[group], ...said, ...(typed.more && more?.values(typed.more)) } } }, { version })
    },
    newest: async () => {
      const now = await api.get<SettingsBody>(PATH)
      // The other groups go along when this one is saved: they must be as new as the version.
      client.setQueryData(keyOf(api, PATH), now)
      return stateOf(now)
    },
    labels: { typed: t('group.values'), valid_from: t('group.from') },
    show: (_field, value, other) => ('numbers' in value ? <Lines own={lines(value)} other={lines(other as Typed<M>)} /> : formatDate(toIso(value), i18n.language)),
    onSaved,
  })
  const { typed, valid_from: from } = form.value
  const prefix = `settings.${group}.`
  const own: Record<string, string> = typed.more && more ? { ...more.errors(typed.more) } : {}
  for (const [field] of fields) if (!/^\d+$/.test((typed.numbers[field] ?? '').trim())) own[prefix + field] = t('needNumber')
  if (!toIso(from)) own['valid_from'] = t('needDate')
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const names: Record<string, string> = { valid_from: t('group.from') }
  for (const [field, label] of [...fields.map(([field, words]) => [field, words.label] as const), ...moreLabels]) names[prefix + field] = label
  const submit = () => { setTried(true); if (Object.keys(own).length === 0) void form.submit() }
  const number = (field: string, text: string) => form.set({ typed: { ...typed, numbers: { ...typed.numbers, [field]: text } } })
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      {intro}
      {form.conflict ?? <ErrorSummary errors={namedSummary(errors, names)} problem={form.problem} />}
      {fields.map(([field, words]) => <TextField key={field} id={prefix + field} label={words.label} {...(words.hint ? { hint: words.hint } : {})} width="xs" inputMode="numeric" value={typed.numbers[field] ?? ''} onChange={(text) => number(field, text)} error={errors[prefix + field]} />)}
      {typed.more && more?.fields(typed.more, (patch) => form.set({ typed: { ...typed, more: { ...typed.more, ...patch } as M } }), errors)}
      <DateField id="valid_from" label={t('group.from')} value={from} onChange={(valid_from) => form.set({ valid_from })} error={errors['valid_from']} />
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('group.save')}</Button></div>
    </form>
  )
}
