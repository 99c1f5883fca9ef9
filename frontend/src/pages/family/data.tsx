import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh } from '../../api/hooks'
import type { Family } from '../../api/types'
import { useTo } from '../../app/tenant'
import { GUARDIAN_TOKEN, readDraft } from '../../lib/drafts'
import { useVersioned } from '../../lib/versioned'
import { Actions, Button, Checkbox, ErrorState, ErrorSummary, Page, Skeleton, TextField } from '../../ui'
import { CopyLink } from './copy-link'
import { OtherParent } from './other-parent'

type Values = { first_name: string; last_name: string; phone: string; street: string; house_number: string; postal_code: string; city: string; address_protected: boolean }
const FIELDS = ['first_name', 'last_name', 'phone', 'street', 'house_number', 'postal_code', 'city'] as const

const toValues = ({ guardian, household }: Family): Values => ({
  first_name: guardian?.first_name ?? '', last_name: guardian?.last_name ?? '', phone: guardian?.phone ?? '',
  street: household?.street ?? '', house_number: household?.house_number ?? '', postal_code: household?.postal_code ?? '', city: household?.city ?? '',
  address_protected: household?.address_protected ?? false,
})

function DataFields({ values, errors, set }: { values: Values; errors: Record<string, string>; set: <K extends keyof Values>(key: K, value: Values[K]) => void }): JSX.Element {
  const { t } = useTranslation('family')
  const field = (id: (typeof FIELDS)[number], auto: string) => ({ id, label: t(`data.${id}`), value: values[id], onChange: (value: string) => set(id, value), error: errors[id], autoComplete: auto })
  return (
    <>
      <div className="kp-form__pair"><TextField {...field('first_name', 'given-name')} /><TextField {...field('last_name', 'family-name')} /></div>
      <TextField {...field('phone', 'tel')} type="tel" optional hint={t('data.phoneHint')} width="md" />
      <div className="kp-form__pair kp-form__pair--street"><TextField {...field('street', 'address-line1')} /><TextField {...field('house_number', 'address-line2')} width="xs" /></div>
      <div className="kp-form__pair kp-form__pair--city"><TextField {...field('postal_code', 'postal-code')} inputMode="numeric" maxLength={5} width="xs" /><TextField {...field('city', 'address-level2')} /></div>
      <Checkbox id="address_protected" label={t('data.protected')} hint={t('data.protectedHint')} checked={values.address_protected} onChange={(value) => set('address_protected', value)} />
    </>
  )
}

type Versions = { guardian: number; household: number }
const stateOf = (family: Family): { value: Values; version: Versions } => ({
  value: toValues(family), version: { guardian: family.guardian?.version ?? 0, household: family.household?.version ?? 0 },
})

function DataForm({ family }: { family: Family }): JSX.Element {
  const { t } = useTranslation('family')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [search] = useSearchParams()
  const [saved, setSaved] = useState(false)
  const check = (values: Values) => {
    const found: Record<string, string> = {}
    for (const id of FIELDS) if (id !== 'phone' && !values[id].trim()) found[id] = t(`data.error.${id}`)
    if (values.postal_code.trim() && !/^\d{5}$/.test(values.postal_code.trim())) found['postal_code'] = common('form.wrongPostalCode')
    return found
  }
  const store = async (values: Values, version: Versions) => {
    await api.put('/family/guardian', { first_name: values.first_name.trim(), last_name: values.last_name.trim(), phone: values.phone.trim() || null }, { version: version.guardian })
    await api.put('/family/household', { street: values.street.trim(), house_number: values.house_number.trim(), postal_code: values.postal_code.trim(), city: values.city.trim(), address_protected: values.address_protected }, { version: version.household })
  }
  const labels = { ...Object.fromEntries(FIELDS.map((id) => [id, t(`data.${id}`)])), address_protected: t('data.protected') }
  const form = useVersioned<Values, Versions>({
    start: stateOf(family),
    save: async (values, version) => {
      try {
        await store(values, version)
      } catch (cause) {
        // The first half may have gone through: what is stored now decides with which versions to go on.
        void refresh('/family')
        throw cause
      }
    },
    newest: async () => stateOf(await api.get<Family>('/family')),
    labels,
    show: (_field, value) => (typeof value === 'boolean' ? t(value ? 'data.isProtected' : 'data.notProtected') : value),
    onSaved: async () => {
      await refresh('/family')
      setSaved(true)
      const back = search.get('zurueck')
      if (back && /^[\w-]+$/.test(back)) void navigate(to(`/bedarf/${back}`))
      else if (readDraft<string>(GUARDIAN_TOKEN)) void navigate(to('/elternteil-einladung'))
      else if (family.children.length === 0) void navigate(to('/familie/kind/neu'))
    },
    draft: 'family',
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setSaved(false)
    void form.submit(check)
  }
  return (
    <form className="kp-form" onSubmit={submit} noValidate>
      {form.conflict ?? <ErrorSummary errors={form.summary} problem={form.problem} />}
      <DataFields values={form.value} errors={form.errors} set={(key, value) => form.set({ [key]: value })} />
      <Actions>
        <Button type="submit" busy={form.busy}>{common('action.save')}</Button>
        <span role="status">{saved ? t('data.saved') : ''}</span>
      </Actions>
    </form>
  )
}

export default function DataPage(): JSX.Element {
  const { t } = useTranslation('family')
  const to = useTo()
  const family = useGet<Family>('/family')
  const back = { to: to('/familie'), label: t('home.title') }
  if (family.error) return <ErrorState problem={family.error} onRetry={() => void family.refetch()} />
  return (
    <Page title={t('data.title')} lead={t('data.lead')} back={back}>
      {family.data ? <><DataForm family={family.data} /><OtherParent family={family.data} /><CopyLink /></> : <Skeleton lines={6} />}
    </Page>
  )
}
