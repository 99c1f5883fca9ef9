// The shapes of the public search for facilities; see types.ts for the manner.

import type { AgeBand, AvailabilityState, CareType, FacilityKind, Page, ProviderKind } from './types'

export type Availability = {
  state: AvailabilityState
  age_band: AgeBand | null
  free_from: string | null
  free_until: string | null
  confirmed_on: string | null
  stale: boolean
  is_example: boolean
}

export type FacilityResult = {
  id: string
  name: string
  /** Null where the source of the data does not say. */
  kind: FacilityKind | null
  care_types: CareType[]
  provider_name: string | null
  provider_kind: ProviderKind | null
  street: string
  house_number: string
  postal_code: string
  city: string
  district: string | null
  latitude: number | null
  longitude: number | null
  distance_m: number | null
  opens_at: string | null
  closes_at: string | null
  concepts: string[]
  languages: string[]
  denomination: string | null
  inclusive: boolean | null
  barrier_free: boolean | null
  age_from_months: number | null
  age_to_months: number | null
  availability: Availability
}

/** A facility in the list of the administration. */
export type ListedFacility = Pick<FacilityResult, 'id' | 'name' | 'kind' | 'provider_name' | 'street' | 'house_number' | 'postal_code' | 'city' | 'district' | 'opens_at' | 'closes_at'> & {
  confirmed_on: string | null
}

export type SearchOrigin = {
  label: string; kind: string; latitude: number | null; longitude: number | null; approximate: boolean
}
export type SourceLine = { attribution: string; licence: string | null; data_as_of: string | null }
export type FacilitySearch = Page<FacilityResult> & { origin: SearchOrigin | null; sources: SourceLine[] }

export type FacilityMarkers = {
  items: { id: string; name: string; latitude: number; longitude: number; state: AvailabilityState }[]
  places: { name: string; latitude: number; longitude: number }[]
  tiles_url: string | null
}
export type Facet<V extends string = string> = { value: V; count: number }
export type FacilityFacets = {
  concepts: Facet[]
  languages: Facet[]
  denominations: Facet[]
  provider_kinds: Facet<ProviderKind>[]
  care_types: Facet<CareType>[]
}

export type FacilityDetail = FacilityResult & {
  description: string | null
  website: string | null
  contact_email: string | null
  phone: string | null
  closing_days: { day: string; note: string }[]
  capacity: {
    age_band: AgeBand
    licensed: number | null
    confirmed_on: string | null
    stale: boolean
    is_example: boolean
    months: { month: string; bookable: number }[]
  }[]
  source: {
    source_id: string; attribution: string | null; licence: string | null; data_as_of: string | null; flags: string[]
    declared_places: number | null
  } | null
  substitute: { facility_id: string; name: string } | null
  median_reply_days: number | null
  version: number
}

export type PlaceSuggestion = {
  kind: 'postal_code' | 'place' | 'district' | 'street' | 'position'
  label: string
  postal_code: string | null
  latitude: number | null
  longitude: number | null
  approximate: boolean
}
