import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { CareType, FacilityFacets, ProviderKind } from '../../api/types'
import { toIso, toParts, type DateParts } from '../../lib/dates'
import { languageName } from '../../lib/text'
import { useWords } from '../../lib/words'
import { Checkbox, DateField, Select, TextField } from '../../ui'
import { PLACE_KEYS, PlaceField, placeFromAddress, placeParams, type PlaceChoice } from './place-field'

/** The filters as the form holds them; the address holds the same under the names of the API. */
export type Filters = {
  q: string
  place: PlaceChoice
  radius_km: string
  care_type: CareType | ''
  birth_date: DateParts
  start: DateParts
  opens_by: string
  closes_after: string
  concept: string
  language: string
  denomination: string
  provider_kind: ProviderKind | ''
  inclusive: boolean
  barrier_free: boolean
  free: '' | 'covered' | 'partly'
}
const TEXT_KEYS = ['q', 'opens_by', 'closes_after', 'concept', 'language', 'denomination'] as const
const API_KEYS = [...PLACE_KEYS, ...TEXT_KEYS, 'radius_km', 'care_type', 'birth_date', 'start', 'provider_kind', 'inclusive', 'barrier_free', 'free', 'sort'] as const
const CARE_TYPES: CareType[] = ['nursery', 'kindergarten', 'after_school', 'mixed_age']

export function readFilters(params: URLSearchParams): Filters {
  const text = (key: string) => params.get(key) ?? ''
  return {
    q: text('q'),
    place: placeFromAddress(params),
    radius_km: text('radius_km'),
    care_type: text('care_type') as CareType | '',
    birth_date: toParts(params.get('birth_date')),
    start: toParts(params.get('start')),
    opens_by: text('opens_by'),
    closes_after: text('closes_after'),
    concept: text('concept'),
    language: text('language'),
    denomination: text('denomination'),
    provider_kind: text('provider_kind') as ProviderKind | '',
    inclusive: text('inclusive') === 'true',
    barrier_free: text('barrier_free') === 'true',
    free: text('free') as Filters['free'],
  }
}
export function writeFilters(filters: Filters): Record<string, string> {
  const out: Record<string, string> = { ...placeParams(filters.place) }
  const put = (key: string, value: string | null) => { if (value) out[key] = value }
  for (const key of TEXT_KEYS) put(key, filters[key].trim())
  put('radius_km', filters.radius_km)
  put('care_type', filters.care_type)
  put('birth_date', toIso(filters.birth_date))
  put('start', toIso(filters.start))
  put('provider_kind', filters.provider_kind)
  put('inclusive', filters.inclusive ? 'true' : null)
  put('barrier_free', filters.barrier_free ? 'true' : null)
  put('free', filters.free)
  return out
}
/** What the API is asked: the known filters of the address, without the words shown in the place field. */
export function apiQuery(params: URLSearchParams): Record<string, string> {
  const out: Record<string, string> = {}
  for (const key of API_KEYS) {
    const value = params.get(key)
    if (value && key !== 'ort') out[key] = value
  }
  return out
}

type FieldsProps = { value: Filters; onChange: (value: Filters) => void }

export function MainFields({ value, onChange }: FieldsProps): JSX.Element {
  const { t } = useTranslation('public')
  const words = useWords()
  const set = <K extends keyof Filters>(key: K, next: Filters[K]) => onChange({ ...value, [key]: next })
  return (
    <>
      <PlaceField value={value.place} onChange={(place) => set('place', place)} />
      <Select id="radius_km" label={t('search.radius')} optional="filter" value={value.radius_km} onChange={(next) => set('radius_km', next)} empty={t('search.anyRadius')} options={['1', '2', '3', '5', '10', '20', '50'].map((km) => ({ value: km, label: t('search.km', { count: Number(km) }) }))} />
      <Select id="care_type" label={t('search.careType')} optional="filter" value={value.care_type} onChange={(next) => set('care_type', next)} empty={t('search.anyCareType')} options={CARE_TYPES.map((type) => ({ value: type, label: words.careType(type) }))} />
      <DateField id="birth_date" label={t('search.birthDate')} hint={t('search.birthHint')} optional="filter" value={value.birth_date} onChange={(next) => set('birth_date', next)} />
      <DateField id="start" label={t('search.start')} optional="filter" value={value.start} onChange={(next) => set('start', next)} />
      <Select id="free" label={t('search.free')} optional="filter" value={value.free} onChange={(next) => set('free', next)} empty={t('search.anyFree')} options={[{ value: 'covered', label: t('search.freeCovered') }, { value: 'partly', label: t('search.freePartly') }]} />
    </>
  )
}

const TIMES = { opens_by: ['06:00', '06:30', '07:00', '07:30', '08:00', '08:30'], closes_after: ['13:00', '14:00', '15:00', '16:00', '16:30', '17:00', '18:00'] } as const

export function MoreFields({ value, onChange }: FieldsProps): JSX.Element {
  const { t, i18n } = useTranslation('public')
  const words = useWords()
  const facets = useGet<FacilityFacets>('/facilities/facets', undefined, { staleTime: 300_000 })
  const set = <K extends keyof Filters>(key: K, next: Filters[K]) => onChange({ ...value, [key]: next })
  const counted = (label: string, count: number) => `${label} (${count})`
  const list = facets.data
  return (
    <>
      <TextField id="q" label={t('search.name')} optional="filter" type="search" value={value.q} onChange={(next) => set('q', next)} />
      <Select id="opens_by" label={t('search.opensBy')} optional="filter" value={value.opens_by} onChange={(next) => set('opens_by', next)} empty={t('search.anyTime')} options={TIMES.opens_by.map((time) => ({ value: time, label: t('search.clock', { time }) }))} />
      <Select id="closes_after" label={t('search.closesAfter')} optional="filter" value={value.closes_after} onChange={(next) => set('closes_after', next)} empty={t('search.anyTime')} options={TIMES.closes_after.map((time) => ({ value: time, label: t('search.clock', { time }) }))} />
      {list && list.concepts.length > 0 && <Select id="concept" label={t('search.concept')} optional="filter" value={value.concept} onChange={(next) => set('concept', next)} empty={t('search.any')} options={list.concepts.map((facet) => ({ value: facet.value, label: counted(facet.value, facet.count) }))} />}
      {list && list.languages.length > 0 && <Select id="language" label={t('search.language')} optional="filter" value={value.language} onChange={(next) => set('language', next)} empty={t('search.any')} options={list.languages.map((facet) => ({ value: facet.value, label: counted(languageName(facet.value, i18n.language), facet.count) }))} />}
      {list && list.denominations.length > 0 && <Select id="denomination" label={t('search.denomination')} optional="filter" value={value.denomination} onChange={(next) => set('denomination', next)} empty={t('search.any')} options={list.denominations.map((facet) => ({ value: facet.value, label: counted(facet.value, facet.count) }))} />}
      {list && list.provider_kinds.length > 0 && <Select id="provider_kind" label={t('search.providerKind')} optional="filter" value={value.provider_kind} onChange={(next) => set('provider_kind', next)} empty={t('search.any')} options={list.provider_kinds.map((facet) => ({ value: facet.value, label: counted(words.providerKind(facet.value), facet.count) }))} />}
      <div>
        <Checkbox id="inclusive" label={t('search.inclusive')} checked={value.inclusive} onChange={(next) => set('inclusive', next)} />
        <Checkbox id="barrier_free" label={t('search.barrierFree')} checked={value.barrier_free} onChange={(next) => set('barrier_free', next)} />
      </div>
    </>
  )
}

/** The filters in force as chips that can be taken off one by one. */
export function FilterChips({ params, onRemove, onClear }: { params: URLSearchParams; onRemove: (keys: string[]) => void; onClear: () => void }): JSX.Element | null {
  const { t, i18n } = useTranslation('public')
  const words = useWords()
  const filters = readFilters(params)
  const chips: { keys: string[]; label: string }[] = []
  const add = (label: string, ...keys: string[]) => chips.push({ keys, label })
  if (filters.place.text) add(filters.place.text, ...PLACE_KEYS)
  if (filters.radius_km) add(t('search.km', { count: Number(filters.radius_km) }), 'radius_km')
  if (filters.care_type) add(words.careType(filters.care_type), 'care_type')
  if (filters.birth_date.year) add(t('chip.birth', { date: `${filters.birth_date.day}.${filters.birth_date.month}.${filters.birth_date.year}` }), 'birth_date')
  if (filters.start.year) add(t('chip.start', { date: `${filters.start.day}.${filters.start.month}.${filters.start.year}` }), 'start')
  if (filters.free) add(t(filters.free === 'covered' ? 'search.freeCovered' : 'search.freePartly'), 'free')
  if (filters.q) add(`„${filters.q}“`, 'q')
  if (filters.opens_by) add(t('chip.opensBy', { time: filters.opens_by }), 'opens_by')
  if (filters.closes_after) add(t('chip.closesAfter', { time: filters.closes_after }), 'closes_after')
  if (filters.concept) add(filters.concept, 'concept')
  if (filters.language) add(languageName(filters.language, i18n.language), 'language')
  if (filters.denomination) add(filters.denomination, 'denomination')
  if (filters.provider_kind) add(words.providerKind(filters.provider_kind), 'provider_kind')
  if (filters.inclusive) add(t('search.inclusive'), 'inclusive')
  if (filters.barrier_free) add(t('search.barrierFree'), 'barrier_free')
  if (chips.length === 0) return null
  return (
    <ul className="kp-chips" aria-label={t('chip.label')}>
      {chips.map((chip) => (
        <li key={chip.keys.join()}><button type="button" className="kp-chip" onClick={() => onRemove(chip.keys)} aria-label={t('chip.remove', { name: chip.label })}>{chip.label} <span aria-hidden="true">×</span></button></li>
      ))}
      {chips.length > 1 && <li><button type="button" className="kp-chip kp-chip--clear" onClick={onClear}>{t('chip.clear')}</button></li>}
    </ul>
  )
}
