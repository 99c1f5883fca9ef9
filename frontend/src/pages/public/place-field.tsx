import { useEffect, useId, useState, type JSX, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { Items, PlaceSuggestion } from '../../api/types'
import { Icon, VisuallyHidden } from '../../ui'

/** What is in the field, and the filters it stands for once a suggestion was chosen. */
export type PlaceChoice = { text: string; params: Record<string, string> }
export const PLACE_KEYS = ['postal_code', 'place', 'street', 'latitude', 'longitude', 'ort'] as const

/** The filters of the address for what was typed: a suggestion's own, else five digits are a postal code. */
export function placeParams(choice: PlaceChoice): Record<string, string> {
  const text = choice.text.trim()
  if (!text) return {}
  if (Object.keys(choice.params).length > 0) return { ...choice.params, ort: text }
  return /^\d{5}$/.test(text) ? { postal_code: text, ort: text } : { place: text, ort: text }
}
export function placeFromAddress(params: URLSearchParams): PlaceChoice {
  const kept = Object.fromEntries(PLACE_KEYS.flatMap((key) => { const value = params.get(key); return value && key !== 'ort' ? [[key, value]] : [] })) as Record<string, string>
  return { text: params.get('ort') ?? params.get('street') ?? params.get('place') ?? params.get('postal_code') ?? '', params: kept }
}
function paramsOf(item: PlaceSuggestion): Record<string, string> {
  if (item.kind === 'postal_code' && item.postal_code) return { postal_code: item.postal_code }
  if (item.latitude !== null && item.longitude !== null) return { latitude: String(item.latitude), longitude: String(item.longitude) }
  return item.kind === 'street' ? { street: item.label, ...(item.postal_code ? { postal_code: item.postal_code } : {}) } : { place: item.label }
}

function useLater<T>(value: T, wait: number): T {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), wait)
    return () => clearTimeout(timer)
  }, [value, wait])
  return later
}

/** A text field with suggestions for place, postal code and street; works with arrow keys and without them. */
export function PlaceField({ value, onChange }: { value: PlaceChoice; onChange: (value: PlaceChoice) => void }): JSX.Element {
  const { t } = useTranslation('public')
  const id = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const asked = useLater(value.text.trim(), 200)
  const chosen = Object.keys(value.params).length > 0
  const query = useGet<Items<PlaceSuggestion>>('/places', { q: asked }, { enabled: open && !chosen && asked.length >= 2, staleTime: 300_000 })
  const items = open && !chosen && asked.length >= 2 ? (query.data?.items ?? []).slice(0, 8) : []
  const choose = (item: PlaceSuggestion) => {
    onChange({ text: item.label, params: paramsOf(item) })
    setOpen(false)
    setActive(-1)
  }
  const onKey = (event: KeyboardEvent) => {
    const current = items[active]
    if (event.key === 'ArrowDown' && items.length > 0) { event.preventDefault(); setActive((active + 1) % items.length) }
    else if (event.key === 'ArrowUp' && items.length > 0) { event.preventDefault(); setActive((active - 1 + items.length) % items.length) }
    else if (event.key === 'Enter' && current) { event.preventDefault(); choose(current) }
    else if (event.key === 'Escape' && items.length > 0) { event.preventDefault(); setOpen(false); setActive(-1) }
  }
  return (
    <div className="kern-form-input kp-combo">
      <label className="kern-label" htmlFor={id}>{t('place.label')}</label>
      <div className="kern-hint" id={`${id}-hint`}>{t('place.hint')}</div>
      <input
        id={id}
        className="kern-form-input__input"
        role="combobox"
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={items[active] ? `${id}-${active}` : undefined}
        aria-describedby={`${id}-hint`}
        autoComplete="off"
        value={value.text}
        onChange={(event) => { onChange({ text: event.target.value, params: {} }); setOpen(true); setActive(-1) }}
        onKeyDown={onKey}
        onBlur={() => setOpen(false)}
      />
      <ul className="kp-combo__list" id={`${id}-list`} role="listbox" aria-label={t('place.suggestions')} hidden={items.length === 0}>
        {items.map((item, index) => (
          <li
            key={`${item.kind}-${item.label}-${item.postal_code ?? ''}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="kp-combo__option"
            onMouseDown={(event) => { event.preventDefault(); choose(item) }}
          >
            <Icon name="pin" size={18} /><span>{item.label}</span><span className="kp-muted kp-small">{item.kind === 'position' ? '' : t(`place.kind.${item.kind}`)}</span>
          </li>
        ))}
      </ul>
      <div role="status"><VisuallyHidden>{items.length > 0 ? t('place.count', { count: items.length }) : ''}</VisuallyHidden></div>
    </div>
  )
}
