import { useEffect, useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import { useGet } from '../../api/hooks'
import type { FacilityMarkers } from '../../api/types'
import { addTiles, xy } from '../../lib/map-ground'
import { apart } from './apart'

export type Spot = { name: string; latitude: number; longitude: number; gap: number; text: string }

/** The planning areas on the map of the public search: a badge each with the places that lack (▲) or are over. */
export default function AreaMap({ spots }: { spots: Spot[] }): JSX.Element {
  const { t } = useTranslation('planning')
  const { t: rounds } = useTranslation('rounds')
  const box = useRef<HTMLDivElement>(null)
  const ground = useGet<FacilityMarkers>('/facilities/markers', undefined, { staleTime: 300_000 }).data
  useEffect(() => {
    if (!box.current || !ground) return undefined
    const map = L.map(box.current, { minZoom: 5, maxZoom: 17, zoomControl: false, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.5 })
    L.control.zoom({ zoomInTitle: rounds('map.zoomIn'), zoomOutTitle: rounds('map.zoomOut') }).addTo(map)
    const markers = spots.map((spot) => {
      const face = document.createElement('span')
      face.textContent = `${spot.name} ${spot.gap > 0 ? `▲ ${spot.gap}` : spot.gap < 0 ? `▽ ${-spot.gap}` : '0'}`
      const icon = (down: number) => L.divIcon({ html: face, className: `kp-demand-pin ${spot.gap > 0 ? 'kp-demand-pin--over' : ''}`, iconSize: undefined, iconAnchor: [0, -down] })
      const marker = L.marker([spot.latitude, spot.longitude], { icon: icon(0), title: spot.text, keyboard: true, riseOnHover: true })
      const shift = (down: number) => { marker.setIcon(icon(down)).getElement()?.setAttribute('aria-label', spot.text) }
      return { marker, shift, halfWidth: (face.textContent?.length ?? 0) * 4 + 14, halfHeight: 16 }
    })
    const spread = () => {
      const down = apart(markers.map((one) => ({ ...xy(map.project(one.marker.getLatLng())), ...one })))
      markers.forEach((one, n) => one.shift(down[n] ?? 0))
    }
    // Badges that would cover each other move down, so more is left below them.
    if (spots.length > 0) map.fitBounds(L.latLngBounds(spots.map((spot) => [spot.latitude, spot.longitude])), { paddingTopLeft: [96, 40], paddingBottomRight: [72, 96], maxZoom: 13, animate: false })
    else map.setView([51.2, 10.4], 6)
    for (const { marker } of markers) map.addLayer(marker)
    spread()
    map.on('zoomend', spread)
    if (ground.tiles_url) void addTiles(map, ground.tiles_url)
    return () => { map.remove() }
  }, [ground, spots, rounds])
  return <div className="kp-map kp-map--round" ref={box} role="application" aria-label={t('map.label')} />
}
