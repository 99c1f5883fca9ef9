import { lazy, Suspense, useEffect, useMemo, useState, type FormEvent, type JSX, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useList } from '../../api/hooks'
import type { FacilityResult, FacilitySearch, SourceLine } from '../../api/types'
import { useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { useWishes } from '../../lib/wishes'
import { Actions, Button, ButtonLink, EmptyState, ErrorState, Icon, LoadMore, Page, Skeleton, VisuallyHidden } from '../../ui'
import { FacilityCard } from './facility-card'
import { apiQuery, FilterChips, MainFields, MoreFields, readFilters, writeFilters } from './filters'

const SearchMap = lazy(() => import('./search-map'))
const WIDE = '(min-width: 62rem)'

function useWide(): boolean {
  const [wide, setWide] = useState(() => window.matchMedia(WIDE).matches)
  useEffect(() => {
    const media = window.matchMedia(WIDE)
    const update = () => setWide(media.matches)
    media.addEventListener('change', update)
    return () => media.removeEventListener('change', update)
  }, [])
  return wide
}

function SearchForm({ params, onSearch }: { params: URLSearchParams; onSearch: (filters: Record<string, string>) => void }): JSX.Element {
  const { t } = useTranslation('public')
  const [filters, setFilters] = useState(() => readFilters(params))
  const [open, setOpen] = useState(() => params.size === 0)
  const address = params.toString()
  useEffect(() => setFilters(readFilters(new URLSearchParams(address))), [address])
  const wide = useWide()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSearch(writeFilters(filters))
    setOpen(false)
  }
  return (
    <form className="kp-panel kp-search-form" role="search" aria-label={t('search.formLabel')} onSubmit={submit} noValidate>
      {!wide && !open
        ? <Button kind="secondary" icon="filter" block aria-expanded={false} onClick={() => setOpen(true)}>{t('search.openFilters')}</Button>
        : (
          <>
            <MainFields value={filters} onChange={setFilters} />
            <details className="kp-details">
              <summary>{t('search.more')}</summary>
              <div className="kp-form"><MoreFields value={filters} onChange={setFilters} /></div>
            </details>
            <Button type="submit" icon="search" block>{t('search.submit')}</Button>
          </>
        )}
    </form>
  )
}

function Sources({ sources }: { sources: SourceLine[] }): JSX.Element | null {
  const { t } = useTranslation('public')
  if (sources.length === 0) return null
  return (
    <div className="kp-sources kp-small kp-muted">
      {sources.map((source) => <p key={source.attribution}>{t('source.line', { attribution: source.attribution, licence: source.licence ?? '–', date: source.data_as_of ?? '–' })}</p>)}
    </div>
  )
}

/** Stays in sight while wishes are marked, and carries them into the demand. */
function WishBar(): JSX.Element | null {
  const { t } = useTranslation('public')
  const tenant = useTenant()
  const to = useTo()
  const { session } = useSession()
  const { wishes } = useWishes(tenant.slug)
  if (wishes.length === 0 || session.account?.kind === 'staff') return null
  const target = session.account ? to('/familie') : `${to('/anmelden')}?weiter=${encodeURIComponent(to('/familie'))}`
  return (
    <div className="kp-wishbar" role="region" aria-label={t('wish.barLabel')}>
      <p role="status">{t('wish.count', { count: wishes.length, max: tenant.max_preferences })}</p>
      <ButtonLink small to={target}>{t('wish.continue')}</ButtonLink>
    </div>
  )
}

function Results({ params }: { params: URLSearchParams }): JSX.Element {
  const { t } = useTranslation('public')
  const query = useMemo(() => apiQuery(params), [params])
  const list = useList<FacilityResult, FacilitySearch>('/facilities', { ...query, limit: 30 })
  const origin = list.pages[0]?.origin
  const count = list.isPending ? t('search.searching') : list.total === null ? t('search.found') : t('search.foundCount', { count: list.total })
  const suffix = params.size > 0 ? `?${params.toString()}` : ''
  if (list.error) return <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
  return (
    <section className="kp-section" aria-labelledby="results" aria-busy={list.isPending}>
      <h2 className="kern-heading-medium" id="results">{count}</h2>
      <div role="status"><VisuallyHidden>{count}</VisuallyHidden></div>
      {origin && <p className="kp-small kp-muted">{t(origin.approximate ? 'search.originAbout' : 'search.origin', { place: origin.label })}</p>}
      {list.isPending && <Skeleton blocks={4} lines={3} />}
      {list.isSuccess && list.items.length === 0 && <EmptyState title={t('search.empty')}>{t('search.emptyText')}</EmptyState>}
      {list.items.length > 0 && <ol className="kp-results">{list.items.map((facility) => <FacilityCard key={facility.id} facility={facility} query={suffix} />)}</ol>}
      {list.items.length > 0 && <LoadMore shown={list.items.length} total={list.total} hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />}
      <Sources sources={list.pages[0]?.sources ?? []} />
    </section>
  )
}

function MapPart({ params, open, setOpen }: { params: URLSearchParams; open: boolean; setOpen: (open: boolean) => void }): JSX.Element {
  const { t } = useTranslation('public')
  const wide = useWide()
  const query = useMemo(() => apiQuery(params), [params])
  const shown = wide || open
  return (
    <section className="kp-map-part" id="karte" tabIndex={-1} aria-label={t('map.label')}>
      {!wide && <Button kind="secondary" block icon="pin" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'map.hide' : 'map.show')}</Button>}
      {shown && <Suspense fallback={<div className="kp-map"><Skeleton lines={1} /></div>}><SearchMap query={query} suffix={params.size > 0 ? `?${params.toString()}` : ''} /></Suspense>}
    </section>
  )
}

export default function Search(): JSX.Element {
  const { t } = useTranslation('public')
  const [params, setParams] = useSearchParams()
  const [copied, setCopied] = useState(false)
  const [mapOpen, setMapOpen] = useState(false)
  const wide = useWide()
  const remove = (keys: string[]) => {
    const next = new URLSearchParams(params)
    for (const key of keys) next.delete(key)
    setParams(next)
  }
  const toMap = (event: MouseEvent) => {
    event.preventDefault()
    setMapOpen(true)
    const map = document.getElementById('karte')
    map?.scrollIntoView({ behavior: 'instant' })
    map?.focus({ preventScroll: true })
  }
  const share = async () => {
    await navigator.clipboard.writeText(window.location.href)
    setCopied(true)
  }
  return (
    <Page title={t('search.title')} lead={t('search.lead')} width="full">
      <div className="kp-search">
        <SearchForm params={params} onSearch={(filters) => { setCopied(false); setParams(filters) }} />
        <div className="kp-search__list">
          <FilterChips params={params} onRemove={remove} onClear={() => setParams({})} />
          <Actions>
            {/* On a phone the map stands below all results. */}
            {!wide && <a className="kern-btn kern-btn--tertiary kp-btn--small" href="#karte" onClick={toMap}><Icon name="pin" /><span className="kern-label">{t('map.jump')}</span></a>}
            <Button kind="tertiary" small icon="copy" onClick={() => void share()}>{t('search.share')}</Button>
            <span role="status" className="kp-small kp-muted">{copied ? t('search.shared') : ''}</span>
          </Actions>
          <Results params={params} />
        </div>
        <MapPart params={params} open={mapOpen} setOpen={setMapOpen} />
      </div>
      <WishBar />
    </Page>
  )
}
