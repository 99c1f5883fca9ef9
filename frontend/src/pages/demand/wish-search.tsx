import { useEffect, useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { FacilityResult, FacilitySearch } from '../../api/types'
import { useTo } from '../../app/tenant'
import { monthsBetween } from '../../lib/dates'
import { addressOf, formatDistance } from '../../lib/text'
import { Button, ErrorState, Link, LoadMore, Skeleton, TextField } from '../../ui'
import { AvailabilityView } from '../public/availability'
import { useAgeText } from '../public/facility-card'
import { PlaceField, placeParams, type PlaceChoice } from '../public/place-field'
import { useDemand } from './frame'

function useAgeWarning(): (facility: FacilityResult) => string | null {
  const { t } = useTranslation('demand')
  const { demand, family } = useDemand()
  const ageText = useAgeText()
  const child = family.children.find((entry) => entry.id === demand.child.id)
  const birth = child?.birth_date ?? child?.expected_birth_date
  return (facility) => {
    if (!birth || !demand.desired_start) return null
    const age = monthsBetween(birth, demand.desired_start)
    const { age_from_months: from, age_to_months: to } = facility
    const outside = (from !== null && age < from) || (to !== null && age > to)
    return outside ? t('wishes.ageOutside', { age: ageText(from, to) ?? '' }) : null
  }
}

function Found({ facility, chosen, full, onAdd }: { facility: FacilityResult; chosen: boolean; full: boolean; onAdd: () => void }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const to = useTo()
  const warning = useAgeWarning()(facility)
  return (
    <li className="kp-result">
      <div className="kp-result__main">
        <h3 className="kern-title"><Link to={to(`/kita/${facility.id}`)} target="_blank">{facility.name}</Link></h3>
        <p className="kp-small kp-muted">{addressOf(facility)}{facility.distance_m !== null && ` · ${formatDistance(facility.distance_m, i18n.language)}`}{facility.opens_at && facility.closes_at && ` · ${t('wishes.hours', { from: facility.opens_at, to: facility.closes_at })}`}</p>
        {warning && <p className="kp-small"><strong>{warning}</strong></p>}
      </div>
      <div className="kp-result__side">
        <AvailabilityView value={facility.availability} />
        <Button kind="secondary" small icon={chosen ? 'check' : 'add'} aria-disabled={chosen || full || undefined} aria-label={t(chosen ? 'wishes.isChosen' : 'wishes.addName', { name: facility.name })} onClick={() => { if (!chosen && !full) onAdd() }}>
          {chosen ? t('wishes.chosen') : t('wishes.add')}
        </Button>
      </div>
    </li>
  )
}

/** Facilities near the family first; with the child's age and date, so that "free" means free for this child. */
export function WishSearch({ chosen, full, onAdd }: { chosen: string[]; full: boolean; onAdd: (facility: FacilityResult) => void }): JSX.Element {
  const { t } = useTranslation('demand')
  const { demand, family } = useDemand()
  const home = family.household?.postal_code ?? ''
  const [name, setName] = useState('')
  const [place, setPlace] = useState<PlaceChoice>({ text: home, params: home ? { postal_code: home } : {} })
  const [asked, setAsked] = useState<Record<string, string>>(home ? { postal_code: home } : {})
  const child = family.children.find((entry) => entry.id === demand.child.id)
  const { ort: _shown, ...near } = asked
  const list = useList<FacilityResult, FacilitySearch>('/facilities', { ...near, birth_date: child?.birth_date ?? child?.expected_birth_date, school_entry: child?.school_entry_on, start: demand.desired_start, care_type: demand.care_type === 'mixed_age' ? null : demand.care_type, limit: 10 })
  const nothingNear = list.isSuccess && list.items.length === 0 && home !== '' && asked['postal_code'] === home && !asked['q']
  useEffect(() => {
    // A family may live where no facility is: then the list begins with all of them.
    if (!nothingNear) return
    setAsked({})
    setPlace({ text: '', params: {} })
  }, [nothingNear])
  const search = (event: FormEvent) => {
    event.preventDefault()
    setAsked({ ...placeParams(place), ...(name.trim() ? { q: name.trim() } : {}) })
  }
  return (
    <div className="kp-stack kp-search__list">
      <form className="kp-panel kp-search-form" role="search" onSubmit={search}>
        <PlaceField value={place} onChange={setPlace} />
        <TextField id="wish-name" label={t('wishes.name')} optional="filter" type="search" value={name} onChange={setName} />
        <div><Button type="submit" kind="secondary" icon="search">{t('wishes.search')}</Button></div>
      </form>
      {full && <p className="kern-body" role="status">{t('wishes.full')}</p>}
      {list.error && <ErrorState problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton blocks={2} />}
      {list.isSuccess && list.items.length === 0 && <p className="kern-body" role="status">{t('wishes.nothing')}</p>}
      {list.items.length > 0 && (
        <>
          <ol className="kp-results">{list.items.map((facility) => <Found key={facility.id} facility={facility} chosen={chosen.includes(facility.id)} full={full} onAdd={() => onAdd(facility)} />)}</ol>
          <LoadMore shown={list.items.length} total={list.total} hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
        </>
      )}
    </div>
  )
}
