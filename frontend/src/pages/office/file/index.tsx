import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../../api/context'
import { useGet, useRefresh, useSend } from '../../../api/hooks'
import type { CaseFile, CaseFileDemand, CaseFileEvent, RegisterResult } from '../../../api/notice-types'
import { SchoolEntrySection } from '../../aftercare/school'
import { useTo } from '../../../app/tenant'
import { lastDay } from '../../../lib/dates'
import { useHistoryWords } from '../../../lib/history'
import { DEMAND_LOOK, useWords } from '../../../lib/words'
import { Badge, Button, Card, ErrorState, Facts, Link, Page, ProblemView, Section, Skeleton, type Fact } from '../../../ui'
import { Due, useFormat, useUndo } from '../../../staff'
import { useMayWrite } from '../rights'
import { useEventWords, useRoleWords } from './words'

const SUBJECTS = ['all', 'demand', 'offer', 'notice', 'mail', 'register', 'custody'] as const
type Shown = (typeof SUBJECTS)[number]
const GROUP: Record<string, Shown> = { preference: 'demand', contract: 'offer', letter: 'mail' }
const RESULT_LOOK = {
  match: { tone: 'success', icon: 'check-circle' },
  no_match: { tone: 'warning', icon: 'warning' },
  several: { tone: 'warning', icon: 'warning' },
  unavailable: { tone: 'neutral', icon: 'info' },
  pending: { tone: 'info', icon: 'clock' },
} as const

function DemandCard({ demand, onChecked }: { demand: CaseFileDemand; onChecked: (result: RegisterResult) => void }): JSX.Element {
  const { t } = useTranslation('file')
  const api = useApi()
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const check = useSend(async () => {
    const answer = await api.post<{ result: RegisterResult }>(`/office/demands/${demand.id}/register-check`, {})
    await refresh('/office')
    return answer.result
  })
  const run = async () => { const answer = await check.run(); if (answer?.ok) onChecked(answer.value) }
  return (
    <Card as="li" level={3} title={t('demand.title', { code: demand.reference_code ?? '–' })}>
      <div className="kp-row"><Badge {...DEMAND_LOOK[demand.state]}>{words.demandState(demand.state)}</Badge></div>
      <p className="kern-body">{t('demand.sent', { date: format.date(demand.submitted_at), start: format.date(demand.desired_start) })}</p>
      {demand.legal_due_on && <p className="kern-body">{t('demand.due')} <Due on={demand.legal_due_on} /></p>}
      <p className="kern-body">
        {t('demand.register')}{' '}
        {demand.register_result
          ? <><Badge {...RESULT_LOOK[demand.register_result]}>{t(`result.${demand.register_result}`)}</Badge> <span className="kp-small">{format.dateTime(demand.register_checked_at)}</span></>
          : t('demand.never')}
      </p>
      <ProblemView problem={check.error} />
      <div className="kp-actions">
        <Link to={to(`/amt/bedarfe/${demand.id}`)}>{t('demand.open')}</Link>
        {mayWrite && <Button small kind="secondary" busy={check.busy} onClick={() => void run()}>{t('demand.check')}</Button>}
      </div>
    </Card>
  )
}

function Event({ event }: { event: CaseFileEvent }): JSX.Element {
  const { t } = useTranslation('file')
  const to = useTo()
  const format = useFormat()
  const happened = useEventWords()
  const role = useRoleWords()
  const grounds = useHistoryWords()
  const words = happened(event)
  return (
    <li>
      <span className="kp-muted kp-num">{format.dateTime(event.at)}</span><br />
      <strong>{event.notice_id ? <Link to={to(`/amt/bescheide/${event.notice_id}`)}>{words}</Link> : words}</strong>
      {event.facility_name && `, ${event.facility_name}`}
      {event.detail && ` – ${event.subject === 'contract' ? t('event.number', { number: event.detail }) : grounds.ground(event.kind, event.detail)}`}
      <br /><span className="kp-small">{t('by.line', { role: role(event.role) })}</span>
    </li>
  )
}

function useFileFacts(file: CaseFile | undefined): Fact[] {
  const { t } = useTranslation('file')
  const format = useFormat()
  if (!file) return []
  const custody = (line: CaseFile['guardians'][number]) => line.valid_to ? t('fact.custodyUntil', { name: line.name, from: format.date(line.valid_from), to: format.date(line.valid_to) }) : t('fact.custodySince', { name: line.name, from: format.date(line.valid_from) })
  const home = file.address
  return [
    { id: 'born', term: file.birth_date ? t('fact.born') : t('fact.expected'), value: format.date(file.birth_date ?? file.expected_birth_date) || '–' },
    { id: 'custody', term: t('fact.custody'), value: file.guardians.map(custody).join('\n') || '–' },
    { id: 'address', term: t('fact.address'), value: home ? `${home.street} ${home.house_number}\n${home.postal_code} ${home.city}` : file.address_protected ? t('fact.protected') : '–' },
    ...file.contracts.map((line) => ({ id: line.id, term: t('fact.contract'), value: t('fact.contractLine', { facility: line.facility_name, from: format.date(line.care_from), to: format.date(lastDay(line.care_until)), hours: line.hours_per_week }) })),
  ]
}

/** The file of a child: custody, demands, contracts, and a time line of everything that is known. */
export function CaseFilePage(): JSX.Element {
  const { t } = useTranslation(['file', 'office', 'notices'])
  const { child: id = '' } = useParams()
  const to = useTo()
  const words = useWords()
  const { offer: say, bar } = useUndo()
  const [shown, setShown] = useState<Shown>('all')
  const query = useGet<CaseFile>(`/office/children/${encodeURIComponent(id)}/file`)
  const file = query.data
  const facts = useFileFacts(file)
  const back = { to: to('/amt/bedarfe'), label: t('office:demands.title') }
  if (!file) {
    return (
      <Page title={t('title')} back={back} width="full">
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={5} />}
      </Page>
    )
  }
  const events = file.events.filter((event) => shown === 'all' || (GROUP[event.subject] ?? event.subject) === shown)
  return (
    <Page title={t('heading', { child: words.childLabel(file.label) })} lead={t('lead')} back={back} width="full">
      <div className="kp-columns">
        <div className="kp-stack">
          <Section title={t('facts')}><Facts items={facts} /></Section>
          <SchoolEntrySection child={id} />
          <Section title={t('demands')}>
            <ul className="kp-plain-list kp-stack">{file.demands.map((demand) => <DemandCard key={demand.id} demand={demand} onChecked={(result) => say(t('checked', { result: t(`result.${result}`) }))} />)}</ul>
          </Section>
        </div>
        <Section title={t('events')}>
          <ul className="kp-tabs" aria-label={t('show')}>
            {SUBJECTS.map((name) => <li key={name}><button type="button" className="kp-tab" aria-pressed={shown === name} onClick={() => setShown(name)}>{t(`subject.${name}`)}</button></li>)}
          </ul>
          {events.length === 0 && <p className="kern-body">{t('noEvents')}</p>}
          <ol className="kp-events">{events.map((event, n) => <Event key={`${event.at}${event.subject}${event.kind}${n}`} event={event} />)}</ol>
        </Section>
      </div>
      {bar}
    </Page>
  )
}
