import { useEffect, useRef, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { StaffPreferenceDetail } from '../../api/types'
import { addressOf } from '../../lib/text'
import { awaitsAnswer, PREFERENCE_LOOK, useWords } from '../../lib/words'
import { Alert, Badge, ErrorState, Facts, Skeleton, type Fact } from '../../ui'
import { Due, Panel, useFormat } from '../../staff'
import { ScoreDetail } from '../criteria/score'
import { CaseActions } from './case-actions'
import { useStaffState } from './words'
import { History } from './history'
import { NotesSection, VisitSection } from './visit'

type Props = { id: string; onClose: () => void; onChanged: (message: string, undo?: () => Promise<void>) => void }

function Contact({ row }: { row: StaffPreferenceDetail }): JSX.Element {
  const { t } = useTranslation('work')
  return (
    <div className="kp-stack kp-stack--small">
      {row.guardians.map((person) => (
        <p className="kern-body" key={person.name}>
          <strong>{person.name}</strong><br />
          {person.phone && <><a className="kern-link" href={`tel:${person.phone.replace(/[^+\d]/g, '')}`}>{person.phone}</a><br /></>}
          {person.email && <a className="kern-link" href={`mailto:${person.email}`}>{person.email}</a>}
        </p>
      ))}
      {row.address_protected
        ? <p className="kern-body">{t('case.addressProtected')}</p>
        : row.address && <p className="kern-body">{addressOf(row.address)}</p>}
    </div>
  )
}

function useFacts(row: StaffPreferenceDetail | undefined): Fact[] {
  const { t } = useTranslation('work')
  const words = useWords()
  const format = useFormat()
  if (!row) return []
  const born = row.child.birth_date
    ? t('case.born', { date: format.date(row.child.birth_date) })
    : t('case.expected', { date: format.date(row.child.expected_birth_date) })
  return [
    { id: 'age', term: t('col.child'), value: `${born}\n${t('case.ageAtStart', { age: format.age(row.child.age_months_at_start) })} (${words.ageBand(row.child.age_band)})` },
    { id: 'start', term: t('col.start'), value: row.latest_start ? t('case.startLatest', { start: format.date(row.desired_start), latest: format.date(row.latest_start) }) : format.date(row.desired_start) },
    { id: 'hours', term: t('col.hours'), value: `${t('hours', { count: row.hours_per_week })}${row.window_from ? `, ${format.window(row.window_from, row.window_to)}` : ''}${row.least_hours === null ? '' : `\n${t('case.leastHours', { count: row.least_hours })}`}` },
    { id: 'type', term: t('case.careType'), value: words.careType(row.care_type) },
    { id: 'received', term: t('col.received'), value: format.dateTime(row.received_at) },
    ...(awaitsAnswer(row.state) && row.answer_due_on ? [{ id: 'due', term: t('col.due'), value: <Due on={row.answer_due_on} /> }] : []),
    ...(row.legal_claim ? [{ id: 'claim', term: t('sign.claim'), value: row.legal_due_on ? t('case.claimDue', { date: format.date(row.legal_due_on) }) : t('yes') }] : []),
    ...(row.sibling_here ? [{ id: 'sibling', term: t('sign.sibling'), value: t('yes') }] : []),
    { id: 'facility', term: t('col.facility'), value: row.facility_name },
  ]
}

/** One preference beside the list: facts, points, contact, history and everything that can be decided. */
export function CasePanel({ id, onClose, onChanged }: Props): JSX.Element {
  const { t } = useTranslation('work')
  const words = useWords()
  const state = useStaffState()
  const query = useGet<StaffPreferenceDetail>(`/staff/preferences/${id}`)
  const facts = useFacts(query.data)
  const row = query.data
  const top = useRef<HTMLDivElement>(null)
  const version = row?.version
  // After a decision the new state is in sight, wherever the button was.
  useEffect(() => { top.current?.scrollIntoView?.({ block: 'nearest' }) }, [version])
  if (!row) {
    return (
      <Panel title={t('case.title')} onClose={onClose}>
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={4} />}
      </Panel>
    )
  }
  return (
    <Panel title={words.childLabel(row.child.label)} subtitle={t('case.reference', { code: row.reference_code })} onClose={onClose}>
      <div ref={top}><Badge {...PREFERENCE_LOOK[row.state]}>{state(row.state)}</Badge></div>
      {row.state === 'paused' && <Alert tone="info" title={t('case.paused')} />}
      {row.state === 'covered_elsewhere' && <Alert tone="info" title={t('case.coveredElsewhere')} />}
      <CaseActions row={row} onChanged={onChanged} onReload={() => void query.refetch()} />
      <Facts items={facts} />
      <section className="kp-stack kp-stack--small"><h3>{t('case.points')}</h3><ScoreDetail score={row.score} /></section>
      <section className="kp-stack kp-stack--small"><h3>{t('case.contact')}</h3><Contact row={row} /></section>
      <VisitSection row={row} />
      <NotesSection row={row} />
      <section className="kp-stack kp-stack--small"><h3>{t('case.history')}</h3><History items={row.history} /></section>
    </Panel>
  )
}
