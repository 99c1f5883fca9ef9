import { useEffect, useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useGet } from '../../api/hooks'
import type { AvailabilityState, FacilityMarkers } from '../../api/types'
import { useTo } from '../../app/tenant'
import { addTiles, placeName, xy } from '../../lib/map-ground'
import { ErrorState } from '../../ui'
import { clusters, readable, type Cluster } from './clusters'

const SIGN: Record<AvailabilityState, string> = { covered: '✓', partly: '◐', full: '×', unknown: '?' }
type Words = { cluster: (count: number) => string; facility: (name: string, state: AvailabilityState) => string; zoomIn: string; zoomOut: string }

/** A marker that is a button of the page: reached by the tab key, named in words, with a sign beside its colour. */
function pin(cluster: Cluster, words: Words): L.Marker {
  const first = cluster.items[0]
  const many = cluster.items.length > 1 || !first
  const name = many ? words.cluster(cluster.items.length) : words.facility(first.name, first.state)
  const face = document.createElement('span')
  face.textContent = many ? String(cluster.items.length) : SIGN[first.state]
  const icon = L.divIcon({ html: face, className: `kp-pin ${many ? 'kp-pin--many' : `kp-pin--${first.state}`}`, iconSize: [32, 32] })
  const marker = L.marker([cluster.latitude, cluster.longitude], { icon, title: name, keyboard: true, riseOnHover: true })
  marker.on('add', () => marker.getElement()?.setAttribute('aria-label', name))
  return marker
}

function draw(map: L.Map, layer: L.LayerGroup, data: FacilityMarkers, words: Words, open: (id: string) => void): void {
  layer.clearLayers()
  const zoom = map.getZoom()
  const labels = data.tiles_url ? [] : zoom >= 11 ? data.places : data.places.slice(0, 20)
  const point = (latitude: number, longitude: number) => map.project([latitude, longitude], zoom)
  const pins = clusters(data.items, point, zoom >= map.getMaxZoom() ? 1 : 44)
  // About 8 px a letter: a name that would lie on another or under a pin is left out until one zooms in.
  const names = labels.map((place) => ({ place, ...xy(point(place.latitude, place.longitude)), halfWidth: place.name.length * 4, halfHeight: 9 }))
  const taken = pins.map((pin) => ({ ...xy(point(pin.latitude, pin.longitude)), halfWidth: 18, halfHeight: 18 }))
  for (const { place } of readable(names, taken)) layer.addLayer(placeName(place))
  for (const cluster of pins) {
    const marker = pin(cluster, words)
    marker.on('click', () => {
      const only = cluster.items[0]
      if (cluster.items.length === 1 && only) open(only.id)
      else map.fitBounds(L.latLngBounds(cluster.items.map((item) => [item.latitude, item.longitude])), { padding: [40, 40], maxZoom: zoom + 3 })
    })
    layer.addLayer(marker)
  }
}

export default function SearchMap({ query, suffix }: { query: Record<string, string>; suffix: string }): JSX.Element {
  const { t } = useTranslation('public')
  const navigate = useNavigate()
  const to = useTo()
  const box = useRef<HTMLDivElement>(null)
  const map = useRef<L.Map | null>(null)
  const markers = useGet<FacilityMarkers>('/facilities/markers', query)
  const data = markers.data
  useEffect(() => {
    if (!box.current) return
    const made = L.map(box.current, { minZoom: 5, maxZoom: 17, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.5 })
    made.setView([51.2, 10.4], 6)
    L.control.zoom({ zoomInTitle: t('map.zoomIn'), zoomOutTitle: t('map.zoomOut') }).addTo(made)
    map.current = made
    return () => { made.remove(); map.current = null }
  }, [t])
  useEffect(() => {
    const current = map.current
    if (!current || !data) return
    const layer = L.layerGroup().addTo(current)
    const words: Words = {
      cluster: (count) => t('map.cluster', { count }),
      facility: (name, state) => `${name}: ${t(`free.state.${state}`)}`,
      zoomIn: t('map.zoomIn'), zoomOut: t('map.zoomOut'),
    }
    const open = (id: string) => void navigate(`${to(`/kita/${id}`)}${suffix}`)
    const redraw = () => draw(current, layer, data, words, open)
    if (data.items.length > 0) current.fitBounds(L.latLngBounds(data.items.map((item) => [item.latitude, item.longitude])), { padding: [24, 24], maxZoom: 15, animate: false })
    redraw()
    current.on('zoomend', redraw)
    if (data.tiles_url) void addTiles(current, data.tiles_url)
    return () => { current.off('zoomend', redraw); layer.remove() }
  }, [data, navigate, suffix, t, to])
  if (markers.error) return <ErrorState problem={markers.error} onRetry={() => void markers.refetch()} />
  return (
    <div className="kp-stack kp-stack--small">
      <div className="kp-map" ref={box} role="application" aria-label={t('map.label')} />
      <p className="kp-small kp-muted">{t('map.hint')}</p>
    </div>
  )
}
