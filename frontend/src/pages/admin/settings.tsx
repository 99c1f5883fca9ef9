import { useState, type JSX } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { keyOf, useGet, useRefresh } from '../../api/hooks'
import type { AllocationMode, Settings, SettingsBody } from '../../api/types'
import { LANGUAGE_NAMES, LANGUAGES, isLanguage } from '../../i18n'
import type { DateParts } from '../../lib/dates'
import { toIso } from '../../lib/dates'
import { Alert, Button, Checkbox, DateField, ErrorState, ErrorSummary, Fieldset, Page, RadioGroup, Section, Select, Skeleton, TextField } from '../../ui'
import { EarlierVersions, namedSummary, useFormat, useUndo, useVersioned } from '../../staff'
import { checkSettings, NUMBERS, SWITCHES, toSettings, toValues, type NumberName, type SwitchName, type Values } from './settings-values'
import { RulePreview } from '../aftercare/rule'
import { MonthDay, toMonthDay } from './month-day'

const MODES: AllocationMode[] = ['decentral', 'central', 'coordinated']
const GROUPS: { id: 'apply' | 'offer' | 'clocks'; numbers: NumberName[]; switches: SwitchName[] }[] = [
  { id: 'apply', numbers: ['earliest_application_days_before_birth', 'earliest_start_age_months', 'notice_period_months', 'max_preferences'], switches: ['ranking', 'residency_required', 'confirm_automatically'] },
  { id: 'offer', numbers: ['offer_window_days', 'letter_grace_days', 'earliest_contract_months', 'renewal_interval_months'], switches: ['parallel_offers', 'followup_automatic'] },
  { id: 'clocks', numbers: ['answer_clock_days', 'receipt_clock_days', 'stale_after_days', 'second_factor_grace_days'], switches: ['second_factor_required_for_staff'] },
]

function useShow(): (field: keyof Values, value: Values[keyof Values]) => string {
  const { t } = useTranslation('admin')
  const format = useFormat()
  return (field, value) => {
    if (typeof value === 'boolean') return value ? t('yes') : t('no')
    if (field === 'allocation_mode') return t(`settings.mode.${value as AllocationMode}`)
    if (field === 'languages') return (value as string[]).join(', ')
    if (field === 'valid_from') return format.date(toIso(value as DateParts))
    return typeof value === 'object' && 'day' in value ? (value.day ? `${value.day}.${value.month}.` : '') : String(value)
  }
}

function useLabels(): Record<keyof Values, string> {
  const { t } = useTranslation('admin')
  const names = [...Object.keys(NUMBERS) as NumberName[], ...SWITCHES, 'allocation_mode', 'key_date', 'kita_year_start', 'default_language', 'languages', 'valid_from'] as const
  return Object.fromEntries(names.map((name) => [name, t(`settings.field.${name}`)])) as Record<keyof Values, string>
}

/** Settings that are to hold later, as differences to what holds now. */
function Planned({ body }: { body: SettingsBody }): JSX.Element | null {
  const { t } = useTranslation('admin')
  const format = useFormat()
  const show = useShow()
  const labels = useLabels()
  if (body.planned.length === 0) return null
  const lines = (settings: Settings) => {
    const [now, then] = [toValues(body.current.settings), toValues(settings)]
    return (Object.keys(labels) as (keyof Values)[]).filter((field) => field !== 'valid_from')
      .flatMap((field) => (show(field, now[field]) === show(field, then[field]) ? [] : [{ field, from: show(field, now[field]), to: show(field, then[field]) }]))
  }
  return (
    <Section title={t('settings.planned')}>
      {body.planned.map((entry) => (
        <Alert key={entry.version} tone="info" title={t('settings.plannedFrom', { date: format.date(entry.valid_from) })}>
          <ul className="kp-list">
            {lines(entry.settings).map((line) => <li key={line.field}>{t('settings.change', { field: labels[line.field], from: line.from || '–', to: line.to || '–' })}</li>)}
          </ul>
        </Alert>
      ))}
    </Section>
  )
}

function Form({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const labels = useLabels()
  const show = useShow()
  const client = useQueryClient()
  const [tried, setTried] = useState(false)
  const form = useVersioned<Values>({
    start: { value: toValues(body.current.settings), version: body.version },
    save: (value, version) => api.put('/admin/settings', { valid_from: toIso(value.valid_from), settings: { ...body.current.settings, ...toSettings(value) } }, { version }),
    newest: async () => {
      const now = await api.get<SettingsBody>('/admin/settings')
      // What this form does not show goes along when it is saved: it must be as new as the version.
      client.setQueryData(keyOf(api, '/admin/settings'), now)
      return { value: toValues(now.current.settings), version: now.version }
    },
    labels, show, onSaved,
  })
  const own = checkSettings(form.value)
  const starts = toMonthDay(form.value.kita_year_start)
  const errors: Record<string, string> = {
    ...form.errors,
    ...(tried ? Object.fromEntries(Object.entries(own).map(([field, problem]) => [field, t(`settings.error.${problem.code}`, { low: problem.low ?? 0, high: problem.high ?? 0 })])) : {}),
  }
  const named = Object.fromEntries(Object.entries(labels).map(([name, label]) => [name === 'valid_from' ? name : `settings.${name}`, label]))
  const number = (name: NumberName) => (
    <TextField key={name} id={`settings.${name}`} label={labels[name]} hint={t(`settings.hint.${name}`)} optional={name === 'renewal_interval_months'} width="xs" inputMode="numeric" value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[`settings.${name}`]} />
  )
  const toggle = (name: SwitchName) => <Checkbox key={name} label={labels[name]} hint={t(`settings.hint.${name}`)} checked={form.value[name]} onChange={(value) => form.set({ [name]: value })} />
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, named)} problem={form.problem} />
      {GROUPS.map((group) => (
        <section className="kp-group" key={group.id}>
          <h2 className="kern-heading-medium">{t(`settings.group.${group.id}`)}</h2>
          <div className="kp-grid2">{group.numbers.map(number)}</div>
          <div className="kp-stack kp-stack--small">{group.switches.map(toggle)}</div>
          {group.id === 'apply' && (
            <div className="kp-grid2">
              <MonthDay id="settings.key_date" label={labels.key_date} hint={t('settings.hint.key_date')} optional value={form.value.key_date} onChange={(key_date) => form.set({ key_date })} error={errors['settings.key_date']} />
              <MonthDay id="settings.kita_year_start" label={labels.kita_year_start} hint={t('settings.hint.kita_year_start')} value={form.value.kita_year_start} onChange={(kita_year_start) => form.set({ kita_year_start })} error={errors['settings.kita_year_start']} />
            </div>
          )}
          {group.id === 'apply' && starts && starts !== body.current.settings.kita_year_start && <RulePreview keyDay={body.current.settings.after.school_key_day} kitaYearStart={starts} />}
          {group.id === 'offer' && <RadioGroup label={labels.allocation_mode} value={form.value.allocation_mode} onChange={(allocation_mode) => form.set({ allocation_mode })} options={MODES.map((value) => ({ value, label: t(`settings.mode.${value}`), hint: t(`settings.modeHint.${value}`) }))} />}
        </section>
      ))}
      <section className="kp-group">
        <h2 className="kern-heading-medium">{t('settings.group.language')}</h2>
        <Fieldset id="settings.languages" label={labels.languages}>
          {LANGUAGES.map((language) => (
            <Checkbox key={language} label={LANGUAGE_NAMES[language]} checked={form.value.languages.includes(language)} onChange={(checked) => form.set({ languages: checked ? [...form.value.languages, language] : form.value.languages.filter((entry) => entry !== language) })} />
          ))}
        </Fieldset>
        <Select id="settings.default_language" label={labels.default_language} value={isLanguage(form.value.default_language) ? form.value.default_language : 'de'} onChange={(default_language) => form.set({ default_language })} options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))} error={errors['settings.default_language']} />
      </section>
      <section className="kp-group">
        <DateField id="valid_from" label={labels.valid_from} hint={t('settings.hint.valid_from')} value={form.value.valid_from} onChange={(valid_from) => form.set({ valid_from })} error={errors['valid_from']} />
        <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('settings.save')}</Button></div>
      </section>
    </form>
  )
}

export function SettingsPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  // The form begins anew with a restored version.
  const [restored, setRestored] = useState(0)
  const query = useGet<SettingsBody>('/admin/settings')
  const refresh = useRefresh()
  const format = useFormat()
  const { offer, bar } = useUndo()
  const body = query.data
  return (
    <Page title={t('settings.title')} lead={body && t('settings.lead', { date: format.date(body.current.valid_from) })}>
      {query.isPending && <Skeleton blocks={3} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {body && (
        <>
          <Planned body={body} />
          <Form key={restored} body={body} onSaved={() => { offer(t('settings.saved')); void refresh('/admin/settings', '/admin/versions') }} />
          <EarlierVersions query={{ kind: 'settings' }} restore={(version) => api.put('/admin/settings/restored', { number: version.number }, { version: body.version })} onRestored={async (message) => { await refresh('/admin/settings'); setRestored(restored + 1); offer(message) }} />
        </>
      )}
      {bar}
    </Page>
  )
}
