import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/hooks'
import type { Vacancy } from '../../api/followup-types'
import type { AgeBand } from '../../api/types'
import { useWords } from '../../lib/words'
import { Button, Card, EmptyState, ErrorState, LoadMore, Page, Select, Skeleton } from '../../ui'
import { useAddress, useFormat, useUndo } from '../../staff'
import { FollowupListView } from './list'

const BANDS: AgeBand[] = ['under3', 'over3', 'school_age']

function VacancyCard({ vacancy, onOpen }: { vacancy: Vacancy; onOpen: () => void }): JSX.Element {
  const { t } = useTranslation('followups')
  const words = useWords()
  const format = useFormat()
  const name = `${vacancy.facility_name}, ${words.ageBand(vacancy.age_band)}`
  return (
    <Card as="li" title={name}>
      <p className="kern-body"><strong>{t('free', { count: vacancy.free, date: format.date(vacancy.free_from) })}</strong></p>
      <p className="kern-body">
        {vacancy.next
          ? t('next', { child: words.childLabel(vacancy.next.label), points: t('points', { count: vacancy.next.points }) })
          : t('nextNobody')}{' '}
        {t('counts', { waiting: vacancy.waiting, passed: vacancy.passed_over })}
      </p>
      <div className="kp-actions"><Button small kind="secondary" onClick={onOpen} aria-label={t('openFor', { name })}>{t('open')}</Button></div>
    </Card>
  )
}

function Vacancies({ onOpen }: { onOpen: (vacancy: Vacancy) => void }): JSX.Element {
  const { t } = useTranslation('followups')
  const list = useList<Vacancy>('/staff/vacancies', { limit: 25 })
  if (list.isPending) return <Skeleton blocks={3} lines={3} />
  if (list.error) return <ErrorState problem={list.error} onRetry={() => void list.refetch()} />
  if (list.items.length === 0) return <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
  return (
    <>
      <ul className="kp-cards">
        {list.items.map((vacancy) => <VacancyCard key={`${vacancy.facility_id}${vacancy.age_band}`} vacancy={vacancy} onOpen={() => onOpen(vacancy)} />)}
      </ul>
      <LoadMore shown={list.items.length} total={list.total} hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  )
}

/** Vacancies all year round, and for each whom it is offered to: for facilities and, where it allocates, for the office. */
export function FollowupsPage(): JSX.Element {
  const { t } = useTranslation('followups')
  const words = useWords()
  const { values, set } = useAddress()
  const { offer: say, bar } = useUndo()
  const facility = values['facility_id']
  const band = BANDS.find((one) => one === values['age_band']) ?? 'under3'
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      {facility
        ? (
          <>
            <div className="kp-actions"><Button small kind="tertiary" icon="back" onClick={() => set({ facility_id: null, age_band: null }, true)}>{t('all')}</Button></div>
            <Select label={t('band')} value={band} onChange={(age_band) => set({ age_band })} options={BANDS.map((value) => ({ value, label: words.ageBand(value) }))} />
            <FollowupListView key={`${facility}${band}`} facility={facility} band={band} onDone={(child) => say(t('done', { child }))} />
          </>
        )
        : <Vacancies onOpen={(vacancy) => set({ facility_id: vacancy.facility_id, age_band: vacancy.age_band }, true)} />}
      {bar}
    </Page>
  )
}
