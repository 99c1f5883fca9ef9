import { useEffect, useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useGet } from '../../../api/hooks'
import type { FacilityGroup } from '../../../api/round-types'
import type { FacilityMarkers } from '../../../api/types'
import { addTiles, placeName, xy } from '../../../lib/map-ground'
import { ErrorState } from '../../../ui'
import { clusters, readable, type Item } from '../../public/clusters'
import { shortage } from './unserved'

type Site = Item & { group: FacilityGroup }
type Sum = { facilities: number; first_wishes: number; places: number; placed: number }
const sum = (sites: Site[]): Sum => ({
  facilities: sites.length,
  first_wishes: sites.reduce((all, one) => all + one.group.first_wishes, 0),
  places: sites.reduce((all, one) => all + one.group.places, 0),
  placed: sites.reduce((all, one) => all + one.group.placed, 0),
})

/** First wishes over places, as a fraction in a badge: who cannot tell the colours reads the sign and the numbers. */
function badge(of: Sum, at: [number, number], name: string): L.Marker {
  const over = shortage(of) > 0
  const face = document.createElement('span')
  face.textContent = `${over ? '▲ ' : ''}${of.first_wishes}/${of.places}`
  const icon = L.divIcon({ html: face, className: `kp-demand-pin ${over ? 'kp-demand-pin--over' : ''}`, iconSize: undefined })
  const marker = L.marker(at, { icon, title: name, keyboard: true, riseOnHover: true })
  marker.on('add', () => marker.getElement()?.setAttribute('aria-label', name))
  return marker
}

/** The facilities of a round on the map of the public search: how many wish them first, and how many places they have. */
export default function PlacesMap({ groups }: { groups: FacilityGroup[] }): JSX.Element {
  const { t } = useTranslation('rounds')
  const box = useRef<HTMLDivElement>(null)
  const markers = useGet<FacilityMarkers>('/facilities/markers', undefined, { staleTime: 300_000 })
  const data = markers.data
  useEffect(() => {
    if (!box.current || !data) return undefined
    const map = L.map(box.current, { minZoom: 5, maxZoom: 17, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.5 })
    L.control.zoom({ zoomInTitle: t('map.zoomIn'), zoomOutTitle: t('map.zoomOut') }).addTo(map)
    const of = new Map(groups.map((group) => [group.facility_id, group]))
    const sites = data.items.flatMap((item) => { const group = of.get(item.id); return group ? [{ ...item, group }] : [] })
    const layer = L.layerGroup().addTo(map)
    const redraw = () => {
      layer.clearLayers()
      const zoom = map.getZoom()
      const point = (latitude: number, longitude: number) => map.project([latitude, longitude], zoom)
      const groupsHere = clusters(sites, point, zoom >= map.getMaxZoom() ? 1 : 62)
      const taken = groupsHere.map((one) => ({ ...xy(point(one.latitude, one.longitude)), halfWidth: 34, halfHeight: 16 }))
      const labels = data.tiles_url ? [] : zoom >= 11 ? data.places : data.places.slice(0, 20)
      const names = labels.map((place) => ({ place, ...xy(point(place.latitude, place.longitude)), halfWidth: place.name.length * 4, halfHeight: 9 }))
      for (const { place } of readable(names, taken)) layer.addLayer(placeName(place))
      for (const one of groupsHere) {
        const here = one.items as Site[]
        const total = sum(here)
        const only = here.length === 1 ? here[0] : undefined
        const marker = badge(total, [one.latitude, one.longitude], only ? t('map.one', { name: only.name, ...total }) : t('map.many', total))
        if (!only) marker.on('click', () => { map.fitBounds(L.latLngBounds(here.map((site) => [site.latitude, site.longitude])), { padding: [40, 40], maxZoom: zoom + 3 }) })
        layer.addLayer(marker)
      }
    }
    if (sites.length > 0) map.fitBounds(L.latLngBounds(sites.map((site) => [site.latitude, site.longitude])), { paddingTopLeft: [72, 40], paddingBottomRight: [48, 48], maxZoom: 14, animate: false })
    else map.setView([51.2, 10.4], 6)
    redraw()
    map.on('zoomend', redraw)
    if (data.tiles_url) void addTiles(map, data.tiles_url)
    return () => { map.remove() }
  }, [data, groups, t])
  if (markers.error) return <ErrorState problem={markers.error} onRetry={() => void markers.refetch()} />
  return <div className="kp-map kp-map--round" ref={box} role="application" aria-label={t('map.label')} />
}
