import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet, useList } from '../../../api/hooks'
import type { CaseAnswer, CaseOutcome, Round, RoundCase } from '../../../api/round-types'
import type { AgeBand } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Alert, Page } from '../../../ui'
import { DataTable, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter } from '../../../staff'
import { useMayWrite } from '../rights'
import { CasePanel } from './case'
import { Decide } from './decide'
import { canDecide } from './steps'
import { CaseBadges, FacilityName, FlagBadge, FLAGS, useCameOf, useFacilityNames } from './words'
import './rounds.css'

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']
const OUTCOMES: CaseOutcome[] = ['none', 'waiting', 'decided', 'offered', 'not_sent', 'left']
const ANSWERS: CaseAnswer[] = ['open', 'accepted', 'declined', 'expired', 'revoked']

function useColumns(names: (id: string | null) => string, released: boolean, steps: boolean): Col<RoundCase>[] {
  const { t } = useTranslation('rounds')
  const { t: siblings } = useTranslation('siblings')
  const held = (row: RoundCase) => (row.held ? siblings(row.held.last ? 'held.final' : 'held.open', { facility: names(row.held.facility_id) || row.held.facility_id }) : '–')
  const words = useWords()
  const format = useFormat()
  const cameOf = useCameOf()
  const flags = (row: RoundCase) => row.flags.map((flag) => t(`flag.${flag}.name`)).join(', ')
  return [
    { id: 'child', sort: 'child', header: t('case.child'), fixed: true, text: (row) => words.childLabel(row.child.label), cell: (row) => <span className="kp-nowrap">{words.childLabel(row.child.label)}</span> },
    { id: 'flags', sort: 'gravity', header: t('case.look'), text: flags, cell: (row) => (row.flags.length > 0 ? <span className="kp-badges">{row.flags.map((flag) => <FlagBadge key={flag} flag={flag} />)}</span> : '–') },
    { id: 'facility', sort: 'facility', header: t('case.proposal'), text: (row) => names(row.facility_id) || row.facility_id, cell: (row) => (row.facility_id ? <FacilityName id={row.facility_id} names={names} /> : t('picture.noPlace')) },
    { id: 'wish', header: t('case.wish'), text: (row) => row.wish, cell: (row) => <span className="kp-nowrap">{row.wish === null ? '–' : t('case.wishOf', { wish: row.wish, wishes: row.wishes })}</span> },
    ...(steps ? [{ id: 'held', header: t('case.held'), text: held, cell: (row: RoundCase) => held(row) }] : []),
    { id: 'band', sort: 'band', header: t('case.band'), text: (row) => words.ageBand(row.age_band), cell: (row) => words.ageBand(row.age_band) },
    { id: 'from', sort: 'start', header: t('case.from'), text: (row) => row.care_from, cell: (row) => <span className="kp-num">{format.date(row.care_from)}</span> },
    { id: 'claim', header: t('case.claim'), hidden: true, text: (row) => (row.legal_claim ? t('yes') : t('no')), cell: (row) => (row.legal_claim ? t('yes') : t('no')) },
    { id: 'born', sort: 'born', header: t('case.born'), hidden: true, text: (row) => row.child.birth_date, cell: (row) => <span className="kp-num">{format.date(row.child.birth_date)}</span> },
    ...(released ? [{ id: 'outcome', header: t('case.outcome'), text: cameOf, cell: (row: RoundCase) => <CaseBadges row={row} /> }] : []),
    { id: 'reference', sort: 'reference', header: t('case.reference'), text: (row) => row.reference_code, cell: (row) => <span className="kp-nowrap">{row.reference_code ?? '–'}</span> },
  ]
}

/** The children of a round, the gravest matters first; one case stands beside the list. */
export function CasesPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: improve } = useTranslation('improve')
  const { t: staff } = useTranslation('staff')
  const { round: id = '' } = useParams()
  const to = useTo()
  const words = useWords()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const names = useFacilityNames()
  const query = useGet<Round>(`/rounds/${id}`)
  const round = query.data
  const facility = values['facility_id']
  const yesNo = [{ value: 'true', label: t('yes') }, { value: 'false', label: t('no') }]
  const filters: Filter[] = [
    { name: 'flag', label: t('case.look'), kind: 'one', options: FLAGS.map((flag) => ({ value: flag, label: t(`flag.${flag}.name`) })) },
    { name: 'flagged', label: t('filter.flagged'), kind: 'one', options: yesNo },
    { name: 'undecided', label: t('filter.undecided'), kind: 'one', options: yesNo },
    { name: 'placed', label: t('filter.placed'), kind: 'one', options: yesNo },
    { name: 'age_band', label: t('case.band'), kind: 'one', options: BANDS.map((band) => ({ value: band, label: words.ageBand(band) })) },
    { name: 'outcome', label: t('case.outcome'), kind: 'one', options: OUTCOMES.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) })) },
    ...(round?.released_at ? [
      { name: 'answer', label: t('filter.answer'), kind: 'one' as const, options: ANSWERS.map((answer) => ({ value: answer, label: t(`answer.${answer}`) })) },
      { name: 'moved', label: t('filter.moved'), kind: 'one' as const, options: yesNo },
      { name: 'improved', label: improve('fromTo'), kind: 'one' as const, options: yesNo },
    ] : []),
    ...(facility ? [{ name: 'facility_id', label: t('case.proposal'), kind: 'one' as const, options: [{ value: facility, label: names(facility) || '…' }] }] : []),
  ]
  const sorting = useSorting({ by: 'gravity', direction: 'desc' })
  const list = useList<RoundCase>(`/rounds/${id}/cases`, { sort: sorting.sort.by, direction: sorting.sort.direction, ...Object.fromEntries(['flag', 'flagged', 'undecided', 'placed', 'age_band', 'outcome', 'answer', 'moved', 'improved', 'facility_id', 'q'].map((name) => [name, values[name]])) })
  const columns = useColumns(names, Boolean(round?.released_at), round?.mode === 'coordinated' && !round.released_at)
  const open = values['fall'] ?? null
  const close = () => set({ fall: null })
  const mayWrite = useMayWrite()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const decides = Boolean(mayWrite && round?.run && canDecide(round.state) && round.conflicts_opened_by_me)
  const chosen = list.items.filter((row) => selected.has(row.id))
  const conflicts = values['flagged'] === 'true' && round?.conflicts_opened_by_me && !round.released_at
  return (
    <Page title={t('cases.title')} back={{ to: to(`/amt/vergabe/${id}`), label: round?.name ?? t('round') }} width="full">
      {conflicts && <Alert tone="info" title={t('cases.opened')}><p className="kern-body">{t('cases.openedText')}</p></Alert>}
      <FilterBar name="vergabefaelle" filters={filters} search={staff('search.case')} />
      {decides && round && chosen.length > 0 && (
        <section className="kp-stack kp-stack--small" aria-label={t('decide.title')}>
          <Decide round={round} cases={chosen} onDone={(message) => { setSelected(new Set()); offer(message) }} />
        </section>
      )}
      <WithPanel panel={open && round && <CasePanel key={open} round={round} id={open} onClose={close} onOpen={(other) => set({ fall: other })} onChanged={(message) => offer(message)} />}>
        <DataTable
          name="vergabefaelle"
          caption={t('cases.title')}
          columns={columns}
          list={list}
          sorting={sorting}
          rowKey={(row) => row.id}
          rowTitle={(row) => words.childLabel(row.child.label)}
          openId={open}
          onOpen={(row) => set({ fall: row.id })}
          onClose={close}
          {...(decides ? { selection: { selected, onChange: setSelected } } : {})}
          filteredBy={namesOf(filters)}
          empty={{ title: t('cases.empty'), text: t('cases.emptyText') }}
        />
      </WithPanel>
      {bar}
    </Page>
  )
}
