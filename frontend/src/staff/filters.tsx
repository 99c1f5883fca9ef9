import { useEffect, useId, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../api/context'
import { useGet, useRefresh, useSend } from '../api/hooks'
import type { SavedView, SavedViews } from '../api/views-types'
import { Button, EmptyState, Icon, ProblemView, type Option } from '../ui'
import { useAddress } from './address'
import { useFormat } from './format'

export type Filter = {
  name: string
  label: string
  kind: 'one' | 'many' | 'flag' | 'number' | 'date' | 'text'
  options?: Option[]
}
/** The places of the search and of these filters in the address. */
export const namesOf = (filters: Filter[] = []): string[] => ['q', ...filters.map((filter) => filter.name)]

// Typed search words may be a child's name; they are never kept.
const NEVER_KEPT = ['q', 'fall']

function FilterField({ filter, value, onChange }: { filter: Filter; value: string; onChange: (value: string) => void }): JSX.Element {
  const { t } = useTranslation('staff')
  const id = useId()
  const chosen = value ? value.split(',') : []
  if (filter.kind === 'many') {
    return (
      <fieldset className="kp-filter kp-filter--many">
        <legend>{filter.label}</legend>
        {(filter.options ?? []).map((option) => (
          <label key={option.value} className="kp-tick">
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) => onChange((event.target.checked ? [...chosen, option.value] : chosen.filter((entry) => entry !== option.value)).join(','))}
            />
            {option.label}
          </label>
        ))}
      </fieldset>
    )
  }
  if (filter.kind === 'flag') {
    return (
      <label className="kp-tick kp-filter">
        <input type="checkbox" checked={value === 'true'} onChange={(event) => onChange(event.target.checked ? 'true' : '')} />
        {filter.label}
      </label>
    )
  }
  return (
    <div className="kp-filter">
      <label htmlFor={id}>{filter.label}</label>
      {filter.kind === 'one'
        ? (
          <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{t('filter.all')}</option>
            {(filter.options ?? []).map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
          </select>
        )
        : <input id={id} type={filter.kind} min={0} value={value} onChange={(event) => onChange(event.target.value)} />}
    </div>
  )
}

function useChipText(): (filter: Filter, value: string) => string {
  const format = useFormat()
  return (filter, value) => {
    const word = (entry: string) => filter.options?.find((option) => option.value === entry)?.label ?? entry
    if (filter.kind === 'flag') return filter.label
    if (filter.kind === 'date') return `${filter.label}: ${format.date(value)}`
    return `${filter.label}: ${value.split(',').map(word).join(', ')}`
  }
}

function SearchBox({ label }: { label: string }): JSX.Element {
  const { values, set } = useAddress()
  const { t } = useTranslation('staff')
  const kept = values['q'] ?? ''
  const [text, setText] = useState(kept)
  const id = useId()
  useEffect(() => setText(kept), [kept])
  useEffect(() => {
    if (text.trim() === kept) return undefined
    const timer = setTimeout(() => set({ q: text.trim() || null }), 300)
    return () => clearTimeout(timer)
  }, [text, kept, set])
  return (
    <div className="kp-searchbox">
      <label className="kern-sr-only" htmlFor={id}>{label}</label>
      <Icon name="search" size={18} />
      <input id={id} type="search" value={text} placeholder={label} onChange={(event) => setText(event.target.value)} autoComplete="off" />
      {text && <button type="button" onClick={() => { setText(''); set({ q: null }) }} aria-label={t('filter.clearSearch')}><Icon name="close" size={16} /></button>}
    </div>
  )
}

function Views({ name }: { name: string }): JSX.Element {
  const { t } = useTranslation('staff')
  const { values, replaceAll } = useAddress()
  const api = useApi()
  const refresh = useRefresh()
  const query = useGet<SavedViews>('/account/views')
  const views = query.data?.lists[name] ?? []
  const [title, setTitle] = useState('')
  // What somebody saved on another machine meanwhile is kept: the newest is read before each change.
  const change = useSend(async (next: (views: SavedView[]) => SavedView[]) => {
    const { lists, version } = await api.get<SavedViews>('/account/views')
    await api.put('/account/views', { lists: { ...lists, [name]: next(lists[name] ?? []) } }, { version })
    await refresh('/account/views')
  })
  const id = useId()
  const save = () => {
    const kept = Object.fromEntries(Object.entries(values).filter(([key]) => !NEVER_KEPT.includes(key)))
    void change.run((old) => [...old.filter((view) => view.title !== title.trim()), { title: title.trim(), values: kept }])
    setTitle('')
  }
  return (
    <details className="kp-pop">
      <summary className="kp-tool">{t('views.title')}<Icon name="down" size={16} /></summary>
      <div className="kp-pop__body">
        <ProblemView problem={change.error ?? query.error} />
        {query.data && views.length === 0 && <p className="kp-small">{t('views.none')}</p>}
        <ul className="kp-plain-list">
          {views.map((view) => (
            <li key={view.title} className="kp-row kp-row--between">
              <button type="button" className="kp-linkish" onClick={() => replaceAll(view.values)}>{view.title}</button>
              <button type="button" className="kp-mini" aria-label={t('views.remove', { title: view.title })} onClick={() => void change.run((old) => old.filter((entry) => entry.title !== view.title))}><Icon name="delete" size={16} /></button>
            </li>
          ))}
        </ul>
        <form className="kp-pop__form" onSubmit={(event) => { event.preventDefault(); if (title.trim()) save() }}>
          <label htmlFor={id}>{t('views.name')}</label>
          <input id={id} value={title} maxLength={40} onChange={(event) => setTitle(event.target.value)} />
          <Button small kind="secondary" type="submit">{t('views.save')}</Button>
        </form>
      </div>
    </details>
  )
}

/** Stands where a list is empty only because of its filters: there may be more, and one press shows it. */
export function Filtered({ by }: { by: string[] }): JSX.Element {
  const { t } = useTranslation('staff')
  const { set } = useAddress()
  const clear = <Button small kind="secondary" icon="close" onClick={() => set(Object.fromEntries(by.map((name) => [name, null])))}>{t('filter.showAll')}</Button>
  return <EmptyState title={t('filter.nothing')} action={clear}><p>{t('filter.nothingText')}</p></EmptyState>
}

/**
 * Search, filters behind one button, and each active filter as a chip that can be taken away. Views are kept with an account of the
 * municipality; a list without a name has none.
 */
export function FilterBar({ name, filters, search }: { name?: string; filters: Filter[]; search?: string }): JSX.Element {
  const { t } = useTranslation('staff')
  const { values, set } = useAddress()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const chipText = useChipText()
  const id = useId()
  const active = filters.filter((filter) => values[filter.name])
  return (
    <div className="kp-filters">
      <div className="kp-filters__line">
        {search && <SearchBox label={search} />}
        {filters.length > 0 && (
          <button type="button" ref={button} className="kp-tool" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            <Icon name="filter" size={18} />{t('filter.open')}{active.length > 0 && <span className="kp-count">{active.length}</span>}
          </button>
        )}
        {name && <Views name={name} />}
      </div>
      <div id={id} hidden={!open} className="kp-filters__panel">
        {filters.map((filter) => (
          <FilterField key={filter.name} filter={filter} value={values[filter.name] ?? ''} onChange={(value) => set({ [filter.name]: value })} />
        ))}
      </div>
      {active.length > 0 && (
        <ul className="kp-fchips" aria-label={t('filter.active')}>
          {active.map((filter) => (
            <li key={filter.name}>
              <button type="button" className="kp-fchip" aria-label={t('filter.remove', { what: chipText(filter, values[filter.name] ?? '') })} onClick={() => { set({ [filter.name]: null }); button.current?.focus() }}>
                {chipText(filter, values[filter.name] ?? '')}<Icon name="close" size={14} />
              </button>
            </li>
          ))}
          <li><button type="button" className="kp-linkish" onClick={() => set(Object.fromEntries(active.map((filter) => [filter.name, null])))}>{t('filter.reset')}</button></li>
        </ul>
      )}
    </div>
  )
}
