import { useRef, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useIdempotencyKey, useRefresh } from '../../api/hooks'
import type { Child, ChildInput, Family, Sex } from '../../api/types'
import { formatDate, isEmptyDate, toIso, today, toParts, type DateParts } from '../../lib/dates'
import { useVersioned } from '../../lib/versioned'
import { Actions, Button, DateField, ErrorSummary, RadioGroup, TextField } from '../../ui'

type Values = { born: 'yes' | 'no' | ''; date: DateParts; first_name: string; last_name: string; sex: Sex | '' }

const toValues = (child: Child | null): Values => ({
  born: child ? (child.birth_date ? 'yes' : 'no') : '',
  date: toParts(child?.birth_date ?? child?.expected_birth_date),
  first_name: child?.first_name ?? '',
  last_name: child?.last_name ?? '',
  sex: child?.sex ?? '',
})
function toInput(values: Values): ChildInput {
  const date = toIso(values.date)
  return {
    first_name: values.first_name.trim() || null,
    last_name: values.last_name.trim() || null,
    sex: values.sex || null,
    birth_date: values.born === 'yes' ? date : null,
    expected_birth_date: values.born === 'no' ? date : null,
  }
}

function useChecks(): (values: Values) => Record<string, string> {
  const { t } = useTranslation('family')
  const { t: common } = useTranslation()
  return (values) => {
    const found: Record<string, string> = {}
    if (!values.born) found['born'] = t('child.error.born')
    if (values.born === 'yes' && !values.first_name.trim()) found['first_name'] = t('child.error.firstName')
    if (values.born === 'yes' && !values.last_name.trim()) found['last_name'] = t('child.error.lastName')
    const date = toIso(values.date)
    if (values.born && !date) found['date'] = isEmptyDate(values.date) ? t('child.error.date') : common('form.wrongDate')
    else if (date && values.born === 'yes' && date > today()) found['date'] = t('child.error.future')
    else if (date && values.born === 'no' && date < today()) found['date'] = t('child.error.past')
    return found
  }
}

function Fields({ values, errors, set }: { values: Values; errors: Record<string, string>; set: <K extends keyof Values>(key: K, value: Values[K]) => void }): JSX.Element {
  const { t } = useTranslation('family')
  const unborn = values.born === 'no'
  return (
    <>
      <RadioGroup id="born" label={t('child.born')} horizontal value={values.born} onChange={(value) => set('born', value)} error={errors['born']} options={[{ value: 'yes', label: t('child.bornYes') }, { value: 'no', label: t('child.bornNo') }]} />
      {values.born && (
        <>
          <DateField id="date" label={unborn ? t('child.expectedDate') : t('child.birthDate')} hint={unborn ? t('child.expectedHint') : t('child.birthHint')} value={values.date} onChange={(value) => set('date', value)} error={errors['date'] ?? errors['birth_date'] ?? errors['expected_birth_date']} />
          <TextField id="first_name" label={t('child.firstName')} hint={unborn ? t('child.nameLater') : undefined} optional={unborn} value={values.first_name} onChange={(value) => set('first_name', value)} error={errors['first_name']} autoComplete="off" />
          <TextField id="last_name" label={t('child.lastName')} optional={unborn} value={values.last_name} onChange={(value) => set('last_name', value)} error={errors['last_name']} autoComplete="off" />
          {!unborn && <RadioGroup id="sex" label={t('child.sex')} hint={t('child.sexHint')} optional value={values.sex} onChange={(value) => set('sex', value)} error={errors['sex']} options={(['female', 'male', 'diverse'] as const).map((value) => ({ value, label: t(`child.sexes.${value}`) }))} />}
        </>
      )}
    </>
  )
}

/** Asks for a child; an unborn one needs the expected day and nothing else. */
export function ChildForm({ child, submitLabel, onSaved }: { child: Child | null; submitLabel: string; onSaved: (child: Child) => void }): JSX.Element {
  const { t, i18n } = useTranslation('family')
  const api = useApi()
  const refresh = useRefresh()
  const { key } = useIdempotencyKey()
  const saved = useRef<Child | null>(null)
  const check = useChecks()
  const labels: Record<keyof Values, string> = { born: t('child.born'), date: t('child.birthDate'), first_name: t('child.firstName'), last_name: t('child.lastName'), sex: t('child.sex') }
  const form = useVersioned<Values>({
    start: { value: toValues(child), version: child?.version ?? 0 },
    save: async (values, version) => {
      saved.current = child
        ? await api.patch<Child>(`/family/children/${child.id}`, toInput(values), { version })
        : await api.post<Child>('/family/children', toInput(values), { idempotencyKey: key() })
    },
    newest: async () => {
      const now = (await api.get<Family>('/family')).children.find((entry) => entry.id === child?.id)
      if (!now) throw new Error('the child is gone')
      return { value: toValues(now), version: now.version }
    },
    labels,
    show: (field, value) => {
      if (field === 'date') return formatDate(toIso(value as DateParts), i18n.language)
      if (field === 'born') return value ? t(value === 'yes' ? 'child.bornYes' : 'child.bornNo') : ''
      return field === 'sex' ? (value ? t(`child.sexes.${value as Sex}`) : '') : String(value)
    },
    onSaved: async () => {
      await refresh('/family', '/demands')
      const known = saved.current ?? child
      if (known) onSaved(known)
    },
    draft: child ? `child:${child.id}` : 'child:new',
    ids: { birth_date: 'date', expected_birth_date: 'date' },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void form.submit(check)
  }
  return (
    <form className="kp-form" onSubmit={submit} noValidate>
      {form.conflict ?? <ErrorSummary errors={form.summary} problem={form.problem} />}
      <Fields values={form.value} errors={form.errors} set={(key, value) => form.set({ [key]: value })} />
      <Actions><Button type="submit" busy={form.busy}>{submitLabel}</Button></Actions>
    </form>
  )
}
