import type { CareType, FacilityDetail, FacilityKind } from '../../api/types'
import { toIso, EMPTY_DATE, type DateParts } from '../../lib/dates'

export type Known = '' | 'true' | 'false'
export type Values = {
  name: string; kind: FacilityKind | ''; provider_id: string; care_types: CareType[]
  street: string; house_number: string; postal_code: string; city: string; district: string; latitude: string; longitude: string
  opens_at: string; closes_at: string; languages: string; concepts: string; denomination: string; inclusive: Known; barrier_free: Known
  age_from_months: string; age_to_months: string; description: string; website: string; contact_email: string; phone: string
  licence_from: DateParts; licence_to: DateParts; licence_places: string; licence_contracts: string
}
export const EMPTY: Values = {
  name: '', kind: '', provider_id: '', care_types: [], street: '', house_number: '', postal_code: '', city: '', district: '', latitude: '', longitude: '',
  opens_at: '', closes_at: '', languages: '', concepts: '', denomination: '', inclusive: '', barrier_free: '', age_from_months: '', age_to_months: '',
  description: '', website: '', contact_email: '', phone: '', licence_from: EMPTY_DATE, licence_to: EMPTY_DATE, licence_places: '', licence_contracts: '',
}
const known = (value: boolean | null): Known => (value === null ? '' : value ? 'true' : 'false')
const text = (value: string | number | null): string => (value === null ? '' : String(value))

/** The provider comes by name from the public page; its id is found in the list of providers. */
export function toValues(facility: FacilityDetail, providerId: string): Values {
  return {
    ...EMPTY, name: facility.name, kind: facility.kind ?? '', provider_id: providerId, care_types: facility.care_types, street: facility.street,
    house_number: facility.house_number, postal_code: facility.postal_code, city: facility.city, district: text(facility.district),
    latitude: text(facility.latitude), longitude: text(facility.longitude), opens_at: text(facility.opens_at).slice(0, 5), closes_at: text(facility.closes_at).slice(0, 5),
    languages: facility.languages.join(', '), concepts: facility.concepts.join(', '), denomination: text(facility.denomination),
    inclusive: known(facility.inclusive), barrier_free: known(facility.barrier_free), age_from_months: text(facility.age_from_months), age_to_months: text(facility.age_to_months),
    description: text(facility.description), website: text(facility.website), contact_email: text(facility.contact_email), phone: text(facility.phone),
  }
}

const list = (value: string): string[] => value.split(',').map((entry) => entry.trim()).filter(Boolean)
const orNull = (value: string): string | null => value.trim() || null
const numberOrNull = (value: string): number | null => (value.trim() ? Number(value.replace(',', '.')) : null)
const flag = (value: Known): boolean | null => (value === '' ? null : value === 'true')

function toInput(values: Values): Record<string, unknown> {
  const [from, to] = [toIso(values.licence_from), toIso(values.licence_to)]
  return {
    name: values.name.trim(), kind: values.kind || null, provider_id: values.provider_id || null, care_types: values.care_types,
    street: values.street.trim(), house_number: values.house_number.trim(), postal_code: values.postal_code.trim(), city: values.city.trim(), district: orNull(values.district),
    latitude: numberOrNull(values.latitude), longitude: numberOrNull(values.longitude), opens_at: orNull(values.opens_at), closes_at: orNull(values.closes_at),
    languages: list(values.languages), concepts: list(values.concepts), denomination: orNull(values.denomination), inclusive: flag(values.inclusive), barrier_free: flag(values.barrier_free),
    age_from_months: numberOrNull(values.age_from_months), age_to_months: numberOrNull(values.age_to_months), description: orNull(values.description),
    website: orNull(values.website), contact_email: orNull(values.contact_email), phone: orNull(values.phone),
    licence: values.kind === 'childminder' && from && to ? { valid_from: from, valid_to: to, places: Number(values.licence_places), contracts_total: numberOrNull(values.licence_contracts) } : null,
  }
}
/** Only what differs is sent, so that what this form does not know (a licence) stays as it is. */
export function toBody(values: Values, start: Values | null): Record<string, unknown> {
  const now = toInput(values)
  if (!start) return now
  const before = toInput(start)
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])))
}

export type Fault = 'need' | 'postal' | 'position' | 'window' | 'ages' | 'email' | 'care' | 'licence' | 'contracts'
export function check(values: Values): Record<string, Fault> {
  const errors: Record<string, Fault> = {}
  for (const name of ['name', 'kind', 'street', 'city'] as const) if (!values[name].trim()) errors[name] = 'need'
  if (!/^\d{5}$/.test(values.postal_code.trim())) errors['postal_code'] = 'postal'
  if (values.care_types.length === 0) errors['care_types'] = 'care'
  const [latitude, longitude] = [numberOrNull(values.latitude), numberOrNull(values.longitude)]
  if ((latitude === null) !== (longitude === null) || (latitude !== null && !(Math.abs(latitude) <= 90)) || (longitude !== null && !(Math.abs(longitude) <= 180))) errors['latitude'] = 'position'
  if (Boolean(values.opens_at) !== Boolean(values.closes_at) || (values.opens_at && values.closes_at <= values.opens_at)) errors['opens_at'] = 'window'
  const [from, to] = [numberOrNull(values.age_from_months), numberOrNull(values.age_to_months)]
  if (Number.isNaN(from) || Number.isNaN(to) || (from !== null && to !== null && to <= from)) errors['age_from_months'] = 'ages'
  if (values.contact_email && !/^\S+@\S+\.\S+$/.test(values.contact_email.trim())) errors['contact_email'] = 'email'
  const [start, end, places] = [toIso(values.licence_from), toIso(values.licence_to), Number(values.licence_places)]
  const touched = values.licence_from !== EMPTY_DATE || values.licence_to !== EMPTY_DATE || values.licence_places !== '' || values.licence_contracts !== ''
  if (values.kind === 'childminder' && touched && (!start || !end || end <= start || !(places >= 1 && places <= 5))) errors['licence'] = 'licence'
  const total = numberOrNull(values.licence_contracts)
  if (values.kind === 'childminder' && total !== null && !(Number.isInteger(total) && total >= places && total <= 20)) errors['licence_contracts'] = 'contracts'
  return errors
}
