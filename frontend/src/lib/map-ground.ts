// The ground of every map: names of places, and tiles where an installation has its own. Loads Leaflet, so only maps import it.

import L from 'leaflet'

export function placeName(place: { name: string; latitude: number; longitude: number }): L.Marker {
  const face = document.createElement('span')
  face.textContent = place.name
  return L.marker([place.latitude, place.longitude], { icon: L.divIcon({ html: face, className: 'kp-place-name', iconSize: undefined }), interactive: false, keyboard: false })
}

export async function addTiles(map: L.Map, url: string): Promise<void> {
  // Only an installation with its own tile file pays for the renderer.
  // It expects Leaflet under its old global name.
  Object.assign(window, { L })
  const { leafletLayer } = await import('protomaps-leaflet')
  const flavor = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  ;(leafletLayer({ url, flavor, lang: 'de' }) as unknown as L.Layer).addTo(map)
}

export const xy = ({ x, y }: { x: number; y: number }): { x: number; y: number } => ({ x, y })
