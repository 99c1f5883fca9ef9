import { useCallback, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useList, useRefresh } from '../../api/hooks'
import type { AgeBand, Criterion, Items, MyFacility, PreferenceState, StaffPreference } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Alert, Button, ButtonLink, Page } from '../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useSorting, useUndo, WithPanel, type Filter } from '../../staff'
import { useBulk, type BulkStep } from './bulk'
import { CasePanel } from './case'
import { MOST } from './compare'
import { usePreferenceColumns } from './columns'
import { RefuseDialog } from './refuse'
import { can, type Step } from './steps'
import { useStaffState } from './words'

const STATES: PreferenceState[] = [
  'received', 'under_review', 'invited', 'waitlisted', 'offered', 'accepted', 'contracted', 'paused',
  'refused', 'declined', 'withdrawn', 'offer_expired', 'covered_elsewhere',
]
/** What still waits for a decision, an answer or a contract. */
const LIVING: PreferenceState[] = ['received', 'under_review', 'invited', 'waitlisted', 'offered', 'accepted', 'paused']
const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']

function useFilterList(): Filter[] {
  const { t } = useTranslation('work')
  const { i18n } = useTranslation()
  const words = useWords()
  const state = useStaffState()
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const criteria = useGet<Items<Criterion>>('/criteria', { language: i18n.language }, { staleTime: 300_000 })
  const mine = facilities.data?.items ?? []
  return [
    ...(mine.length > 1 ? [{ name: 'facility_id', label: t('col.facility'), kind: 'one' as const, options: mine.map((entry) => ({ value: entry.id, label: entry.name })) }] : []),
    { name: 'age_band', label: t('col.band'), kind: 'one', options: BANDS.map((value) => ({ value, label: words.ageBand(value) })) },
    { name: 'start_from', label: t('filter.startFrom'), kind: 'date' },
    { name: 'start_to', label: t('filter.startTo'), kind: 'date' },
    { name: 'hours_min', label: t('filter.hoursMin'), kind: 'number' },
    { name: 'hours_max', label: t('filter.hoursMax'), kind: 'number' },
    { name: 'criterion', label: t('case.criterion'), kind: 'one', options: (criteria.data?.items ?? []).map((entry) => ({ value: entry.code, label: entry.title })) },
    { name: 'legal_claim', label: t('filter.claim'), kind: 'flag' },
    { name: 'state', label: t('col.state'), kind: 'many', options: STATES.map((value) => ({ value, label: state(value) })) },
  ]
}

function BulkBar({ rows, busy, onRun, onRefuse, onClear }: { rows: StaffPreference[]; busy: Step | null; onRun: (step: BulkStep) => void; onRefuse: () => void; onClear: () => void }): JSX.Element {
  const { t } = useTranslation('work')
  const { t: compare } = useTranslation('compare')
  const to = useTo()
  const count = (step: BulkStep) => rows.filter((row) => can(step, row.state)).length
  const button = (step: 'review' | 'invite' | 'waitlist') => count(step) > 0 && (
    <Button small kind="secondary" busy={busy === step} onClick={() => onRun(step)}>{t(`bulk.${step}`, { count: count(step) })}</Button>
  )
  return (
    <div className="kp-bulk" role="group" aria-label={t('bulk.title')}>
      <strong>{t('bulk.selected', { count: rows.length })}</strong>
      {button('review')}{button('invite')}{button('waitlist')}
      {rows.length >= 2 && rows.length <= MOST && <ButtonLink small kind="secondary" to={`${to('/arbeit/vergleich')}?kinder=${rows.map((row) => row.id).join(',')}`}>{compare('compare', { count: rows.length })}</ButtonLink>}
      {count('refuse') > 0 && <Button small kind="secondary" danger onClick={onRefuse}>{t('bulk.refuse', { count: count('refuse') })}</Button>}
      <button type="button" className="kp-linkish" onClick={onClear}>{t('bulk.clear')}</button>
    </div>
  )
}

export function PreferencesPage(): JSX.Element {
  const { t } = useTranslation('work')
  const { values, set } = useAddress()
  const filters = useFilterList()
  const columns = usePreferenceColumns()
  const sorting = useSorting({ by: 'priority', direction: 'desc' })
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const [selected, setSelected] = useState<Set<string>>(new Set())
  const [refusing, setRefusing] = useState(false)
  // What is over stays out of sight until somebody asks for it, by this choice, by a state, or by a name.
  const all = values['view'] === 'all' || Boolean(values['state'] || values['q'])
  const query = { ...Object.fromEntries(namesOf(filters).map((name) => [name, values[name]])), ...(all ? {} : { state: LIVING.join(',') }) }
  const list = useList<StaffPreference>('/staff/preferences', { ...query, sort: sorting.sort.by, direction: sorting.sort.direction })
  const reload = useCallback(() => refresh('/staff'), [refresh])
  const rows = list.items.filter((row) => selected.has(row.id))
  const bulk = useBulk(rows, offer, async () => { setSelected(new Set()); await reload() })
  const openId = values['fall'] ?? null
  const close = useCallback(() => set({ fall: null }), [set])
  const words = useWords()
  return (
    <Page title={t('list.title')} width="full">
      <ul className="kp-tabs" aria-label={t('list.views')}>
        {(['living', 'all'] as const).map((name) => (
          <li key={name}><button type="button" className="kp-tab" aria-pressed={all === (name === 'all')} onClick={() => set({ view: name === 'all' ? 'all' : null, ...(name === 'living' ? { state: null, q: null } : {}) })}>{t(`list.view.${name}`)}</button></li>
        ))}
      </ul>
      <FilterBar name="preferences" filters={filters} search={t('list.search')} />
      {bulk.failed.length > 0 && <Alert tone="warning" live title={t('bulk.failed', { count: bulk.failed.length })}><p className="kern-body">{bulk.failed.join(', ')}</p></Alert>}
      <WithPanel panel={openId && <CasePanel key={openId} id={openId} onClose={close} onChanged={(message, undo) => { offer(message, undo); void reload() }} />}>
        <DataTable
          name="vormerkungen"
          caption={t('list.title')}
          columns={columns}
          list={list}
          rowKey={(row) => row.id}
          rowTitle={(row) => words.childLabel(row.child.label)}
          openId={openId}
          onOpen={(row) => set({ fall: row.id })}
          onClose={close}
          sorting={sorting}
          selection={{ selected, onChange: setSelected }}
          filteredBy={namesOf(filters)}
          empty={{ title: t(all ? 'list.empty' : 'list.emptyLiving'), text: t(all ? 'list.emptyText' : 'list.emptyLivingText') }}
          tools={rows.length > 0 && <BulkBar rows={rows} busy={bulk.busy} onRun={(step) => void bulk.run(step)} onRefuse={() => setRefusing(true)} onClear={() => setSelected(new Set())} />}
        />
      </WithPanel>
      <RefuseDialog
        open={refusing}
        count={rows.filter((row) => can('refuse', row.state)).length}
        busy={bulk.busy === 'refuse'}
        problem={null}
        onClose={() => setRefusing(false)}
        onRefuse={(reason, note) => { setRefusing(false); void bulk.run('refuse', { reason, note }) }}
      />
      {bar}
    </Page>
  )
}
