import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useList, useRefresh } from '../../api/hooks'
import type { BasisBody } from '../../api/places-types'
import type { CareType, FacilityDetail, FacilityKind, Provider } from '../../api/types'
import { useTo } from '../../app/tenant'
import { toIso, type DateParts } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Button, Checkbox, DateField, ErrorState, ErrorSummary, Fieldset, Link, Page, Select, Skeleton, TextArea, TextField } from '../../ui'
import { namedSummary, useFormat, useUndo, useVersioned } from '../../staff'
import { check, EMPTY, toBody, toValues, type Known, type Values } from './facility-values'

const KINDS: FacilityKind[] = ['nursery', 'kindergarten', 'daycare', 'after_school', 'daycare_with_after_school', 'parent_child_group', 'childminder']
const CARE: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']
const YES_NO: Known[] = ['true', 'false']
type TextName = { [K in keyof Values]: Values[K] extends string ? (string extends Values[K] ? K : never) : never }[keyof Values]

/** The licences that stand; the form adds one to them, or puts one in the place of what it overlaps. */
function LicencesOnRecord({ facility }: { facility: string }): JSX.Element | null {
  const { t } = useTranslation('admin')
  const format = useFormat()
  const { data } = useGet<BasisBody>(`/staff/facilities/${facility}/basis`)
  if (!data || data.licences.length === 0) return null
  return <ul className="kern-body">{data.licences.map((one) => <li key={one.valid_from}>{t('facilities.licenceOnRecord', { from: format.date(one.valid_from), to: format.date(one.valid_to), count: one.places })}</li>)}</ul>
}

type FormProps = { facility: FacilityDetail | null; providers: Provider[]; onSaved: (id: string) => void }
function FacilityForm({ facility, providers, onSaved }: FormProps): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const words = useWords()
  const { key, renew } = useIdempotencyKey()
  const [tried, setTried] = useState(false)
  const providerOf = (detail: FacilityDetail) => providers.find((entry) => entry.name === detail.provider_name)?.id ?? ''
  const start = facility ? toValues(facility, providerOf(facility)) : null
  const labels = Object.fromEntries((Object.keys(EMPTY) as (keyof Values)[]).map((name) => [name, t(`facilities.field.${name}`)])) as Record<keyof Values, string>
  const [saved, setSaved] = useState(facility?.id ?? '')
  const form = useVersioned<Values>({
    start: { value: start ?? EMPTY, version: facility?.version ?? 0 },
    save: async (value, version) => {
      const body = toBody(value, start)
      const answer = facility
        ? await api.patch<FacilityDetail>(`/admin/facilities/${facility.id}`, body, { version })
        : await api.post<FacilityDetail>('/admin/facilities', body, { idempotencyKey: key() })
      setSaved(answer.id)
      onSaved(answer.id)
    },
    newest: async () => { const now = await api.get<FacilityDetail>(`/facilities/${saved}`); return { value: toValues(now, providerOf(now)), version: now.version } },
    labels,
    show: (field, value) => {
      if (field === 'provider_id') return providers.find((entry) => entry.id === value)?.name ?? ''
      if (Array.isArray(value)) return value.map((entry) => words.careType(entry)).join(', ')
      if (typeof value === 'object') return toIso(value as DateParts) ?? ''
      return value === 'true' ? t('yes') : value === 'false' ? t('no') : String(value)
    },
    onSaved: () => {},
  })
  const own = Object.fromEntries(Object.entries(check(form.value)).map(([field, fault]) => [field, t(`facilities.error.${fault}`)]))
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  const set = (patch: Partial<Values>) => { renew(); form.set(patch) }
  const text = (name: TextName, optional = true, extra: { type?: string; width?: 'xs' | 'sm' | 'md'; inputMode?: 'numeric' | 'decimal'; hint?: string } = {}) => (
    <TextField id={name} label={labels[name]} optional={optional} {...extra} value={form.value[name]} onChange={(value) => set({ [name]: value })} error={errors[name]} />
  )
  const yesNo = (name: 'inclusive' | 'barrier_free') => (
    <Select id={name} label={labels[name]} optional empty={t('unknown')} value={form.value[name]} onChange={(value) => set({ [name]: value })} options={YES_NO.map((value) => ({ value, label: value === 'true' ? t('yes') : t('no') }))} />
  )
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, { ...labels, licence: t('facilities.group.licence') })} problem={form.problem} />
      <section className="kp-group">
        <h2 className="kern-heading-medium">{t('facilities.group.what')}</h2>
        {text('name', false)}
        <div className="kp-grid2">
          <Select id="kind" label={labels.kind} empty={t('choose')} value={form.value.kind} onChange={(kind) => set({ kind })} options={KINDS.map((value) => ({ value, label: words.facilityKind(value) }))} error={errors['kind']} />
          <Select id="provider_id" label={labels.provider_id} optional empty={t('unknown')} value={form.value.provider_id} onChange={(provider_id) => set({ provider_id })} options={providers.map((entry) => ({ value: entry.id, label: entry.name }))} error={errors['provider_id']} />
        </div>
        <Fieldset id="care_types" label={labels.care_types} error={errors['care_types'] ?? null}>
          {CARE.map((type) => <Checkbox key={type} label={words.careType(type)} checked={form.value.care_types.includes(type)} onChange={(checked) => set({ care_types: checked ? [...form.value.care_types, type] : form.value.care_types.filter((entry) => entry !== type) })} />)}
        </Fieldset>
      </section>
      <section className="kp-group">
        <h2 className="kern-heading-medium">{t('facilities.group.where')}</h2>
        <div className="kp-form__pair kp-form__pair--street">{text('street', false)}{text('house_number')}</div>
        <div className="kp-form__pair kp-form__pair--city">{text('postal_code', false, { inputMode: 'numeric' })}{text('city', false)}</div>
        {text('district')}
        <div className="kp-grid2">{text('latitude', true, { inputMode: 'decimal', hint: t('facilities.positionHint') })}{text('longitude', true, { inputMode: 'decimal', hint: t('facilities.positionHint') })}</div>
      </section>
      <section className="kp-group">
        <h2 className="kern-heading-medium">{t('facilities.group.care')}</h2>
        <div className="kp-row">{text('opens_at', true, { type: 'time', width: 'sm' })}{text('closes_at', true, { type: 'time', width: 'sm' })}</div>
        <div className="kp-row">{text('age_from_months', true, { inputMode: 'numeric', width: 'xs' })}{text('age_to_months', true, { inputMode: 'numeric', width: 'xs' })}</div>
        <div className="kp-grid2">
          {text('languages', true, { hint: t('facilities.listHint') })}{text('concepts', true, { hint: t('facilities.listHint') })}
          {text('denomination')}{yesNo('inclusive')}{yesNo('barrier_free')}
        </div>
        <TextArea id="description" label={labels.description} optional rows={5} value={form.value.description} onChange={(description) => set({ description })} error={errors['description']} />
      </section>
      <section className="kp-group">
        <h2 className="kern-heading-medium">{t('facilities.group.contact')}</h2>
        <div className="kp-grid2">{text('contact_email', true, { type: 'email' })}{text('phone', true, { type: 'tel' })}{text('website', true, { type: 'url' })}</div>
      </section>
      {form.value.kind === 'childminder' && (
        <section className="kp-group">
          <h2 className="kern-heading-medium" id="licence">{t('facilities.group.licence')}</h2>
          {facility && <><LicencesOnRecord facility={facility.id} /><p className="kern-body">{t('facilities.licenceHint')}</p></>}
          <div className="kp-grid2">
            <DateField id="licence_from" label={labels.licence_from} optional value={form.value.licence_from} onChange={(licence_from) => set({ licence_from })} error={errors['licence']} />
            <DateField id="licence_to" label={labels.licence_to} optional value={form.value.licence_to} onChange={(licence_to) => set({ licence_to })} />
          </div>
          <div className="kp-grid2">
            {text('licence_places', true, { inputMode: 'numeric', width: 'xs' })}
            {text('licence_contracts', true, { inputMode: 'numeric', width: 'xs', hint: t('facilities.contractsHint') })}
          </div>
        </section>
      )}
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{facility ? t('facilities.save') : t('facilities.add')}</Button></div>
    </form>
  )
}

function useProviders() {
  return useList<Provider>('/admin/providers', { limit: 200 })
}

export function FacilityNewPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const providers = useProviders()
  return (
    <Page title={t('facilities.add')} back={{ to: to('/verwaltung/einrichtungen'), label: t('facilities.title') }}>
      {providers.isPending && <Skeleton blocks={2} lines={4} />}
      {providers.error && <ErrorState problem={providers.error} onRetry={() => void providers.refetch()} />}
      {providers.isSuccess && <FacilityForm facility={null} providers={providers.items} onSaved={(id) => { void refresh('/facilities'); void navigate(to(`/verwaltung/einrichtungen/${id}`)) }} />}
    </Page>
  )
}

export function FacilityEditPage(): JSX.Element {
  const { t } = useTranslation('admin')
  const { facility: id = '' } = useParams()
  const to = useTo()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const providers = useProviders()
  const query = useGet<FacilityDetail>(`/facilities/${id}`, undefined, { staleTime: 0 })
  const error = query.error ?? providers.error
  return (
    <Page title={query.data?.name ?? t('facilities.one')} back={{ to: to('/verwaltung/einrichtungen'), label: t('facilities.title') }}>
      {error && <ErrorState problem={error} onRetry={() => { void query.refetch(); void providers.refetch() }} />}
      {!error && (query.isPending || providers.isPending) && <Skeleton blocks={2} lines={5} />}
      {query.data && providers.isSuccess && (
        <>
          <p className="kern-body"><Link to={to(`/kita/${id}`)}>{t('facilities.public')}</Link></p>
          {query.data.source && <Alert tone="info" title={t('facilities.imported', { source: query.data.source.attribution })}><p className="kern-body">{t('facilities.importedText', { licence: query.data.source.licence, date: query.data.source.data_as_of })}</p>{query.data.source.declared_places !== null && <p className="kern-body">{t('facilities.importedPlaces', { places: query.data.source.declared_places })}</p>}</Alert>}
          <FacilityForm key={id} facility={query.data} providers={providers.items} onSaved={() => { offer(t('facilities.saved')); void refresh('/facilities') }} />
        </>
      )}
      {bar}
    </Page>
  )
}
