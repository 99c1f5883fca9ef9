import type { JSX, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useGet } from '../../api/hooks'
import type { DemandSiblings, HistoryItem, OfficeDemandDetail } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useHistoryWords } from '../../lib/history'
import { awaitsAnswer, DEMAND_LOOK, PREFERENCE_LOOK, useWords } from '../../lib/words'
import { Alert, Badge, ErrorState, Facts, Link, Page, Section, Skeleton, Table, type Fact } from '../../ui'
import { Due, useFormat, useUndo } from '../../staff'
import { ScoreDetail } from '../criteria/score'
import { useStaffState } from '../work/words'
import { MandatesSection } from '../mandates/office'
import { ResidenceSection } from '../residence/section'
import { AccessSection } from './access'
import { Custody } from './custody'
import { DemandActions } from './demand-actions'
import { Evidence } from './evidence'
import { NoticesSection } from './notices/draft'
import { useMayWrite } from './rights'

/** What the parents say of placing their children together, with whom and where. */
function useSiblingFact(): { title: string; of: (siblings: DemandSiblings) => ReactNode } {
  const { t } = useTranslation('siblings')
  const words = useWords()
  const to = useTo()
  const format = useFormat()
  const of = ({ answer, said_at, with: others, common }: DemandSiblings) => (
    <div className="kp-stack kp-stack--small">
      <div>{answer && said_at ? t('office.said', { answer: t(`answer.${answer}`), date: format.date(said_at.slice(0, 10)) }) : t('office.none')}</div>
      {others.length > 0
        ? <div>{t('office.with')} {others.map((one, index) => <span key={one.demand_id}>{index > 0 && ', '}<Link to={to(`/amt/bedarfe/${one.demand_id}`)}>{words.childLabel(one.child.label)}</Link></span>)}</div>
        : <div>{t('office.alone')}</div>}
      {others.length > 0 && <div>{common.length > 0 ? t('office.common', { facilities: common.join(', ') }) : t('office.noCommon')}</div>}
    </div>
  )
  return { title: t('office.title'), of }
}

function useDemandFacts(demand: OfficeDemandDetail | undefined): Fact[] {
  const { t } = useTranslation('office')
  const words = useWords()
  const format = useFormat()
  const siblings = useSiblingFact()
  if (!demand) return []
  const fact = (id: string, term: string, value: ReactNode): Fact => ({ id, term, value })
  const home = demand.address
  return [
    fact('reference', t('col.reference'), demand.reference_code ?? '–'),
    fact('submitted', t('col.submitted'), format.dateTime(demand.submitted_at) || '–'),
    fact('start', t('col.start'), demand.latest_start ? t('demand.startLatest', { start: format.date(demand.desired_start), latest: format.date(demand.latest_start) }) : format.date(demand.desired_start)),
    fact('care', t('demand.care'), demand.care_type ? words.careType(demand.care_type) : '–'),
    fact('hours', t('demand.hours'), `${t('hours', { count: demand.hours_per_week ?? 0 })}${demand.window_from ? `, ${format.window(demand.window_from, demand.window_to)}` : ''}${demand.least_hours === null ? '' : `\n${t('demand.leastHours', { count: demand.least_hours })}`}`),
    fact('claim', t('demand.claim'), demand.legal_claim ? <>{t('demand.claimSince', { date: format.dateTime(demand.legal_claim_asserted_at) })}{'\n'}<Due on={demand.legal_due_on} /></> : t('no')),
    ...(demand.siblings ? [fact('siblings', siblings.title, siblings.of(demand.siblings))] : []),
    fact('guardians', t('demand.guardians'), (
      <div className="kp-stack kp-stack--small">
        {demand.guardians.map((person) => (
          <div key={person.name}>
            {person.name}
            {person.phone && <><br /><a className="kern-link" href={`tel:${person.phone.replace(/[^+\d]/g, '')}`}>{person.phone}</a></>}
            {person.email && <><br /><a className="kern-link" href={`mailto:${person.email}`}>{person.email}</a></>}
          </div>
        ))}
      </div>
    )),
    fact('address', t('demand.address'), home ? `${home.street} ${home.house_number}\n${home.postal_code} ${home.city}` : demand.address_protected ? t('demand.addressProtected') : '–'),
  ]
}

function History({ demand }: { demand: OfficeDemandDetail }): JSX.Element {
  const { t, i18n } = useTranslation('office')
  const { t: common } = useTranslation()
  const format = useFormat()
  const history = useHistoryWords()
  const state = (word: string) =>
    i18n.exists(`common:demandState.${word}`) ? common(`demandState.${word as 'draft'}`) : i18n.exists(`common:preferenceState.${word}`) ? common(`preferenceState.${word as 'received'}`) : word
  // What leaves the state as it was has words of its own.
  const happened = (item: HistoryItem) =>
    item.told_on && item.told_by && item.reason ? history.told(item.reason, format.date(item.told_on), item.told_by) : history.kind(item.kind) ?? (item.to ? state(item.to) : item.kind)
  if (demand.history.length === 0) return <p className="kern-body">{t('demand.noHistory')}</p>
  return (
    <ol className="kp-events">
      {[...demand.history].sort((a, b) => b.at.localeCompare(a.at)).map((item) => (
        <li key={`${item.at}${item.kind}${item.preference_id ?? ''}${item.to ?? ''}`}>
          <span className="kp-muted kp-num">{format.dateTime(item.at)}</span><br />
          <strong>{happened(item)}</strong>{item.facility_name && `, ${item.facility_name}`}{item.reason && !item.told_on && ` – ${history.ground(item.kind, item.reason)}`}
        </li>
      ))}
    </ol>
  )
}

export function DemandPage(): JSX.Element {
  const { t } = useTranslation('office')
  const { t: transfer } = useTranslation('transfer')
  const { t: criteria } = useTranslation('criteria')
  const { t: file } = useTranslation('file')
  const { t: told } = useTranslation('told')
  const { demand: id = '' } = useParams()
  const to = useTo()
  const words = useWords()
  const format = useFormat()
  const state = useStaffState()
  const mayWrite = useMayWrite()
  const { offer, bar } = useUndo()
  const query = useGet<OfficeDemandDetail>(`/office/demands/${id}`)
  const demand = query.data
  const facts = useDemandFacts(demand)
  const back = { to: to('/amt/bedarfe'), label: t('demands.title') }
  if (!demand) {
    return (
      <Page title={t('demand.title')} back={back} width="full">
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={5} />}
      </Page>
    )
  }
  return (
    <Page title={words.childLabel(demand.child.label)} back={back} width="full">
      <div className="kp-row">
        <Badge {...DEMAND_LOOK[demand.state]}>{words.demandState(demand.state)}</Badge>
        {demand.transfer && <Badge tone="info" icon="info">{transfer('badge')}</Badge>}
        {demand.register_mismatch && <Badge tone="warning" icon="warning">{t('mismatch')}</Badge>}
        <Link to={to(`/amt/kinder/${demand.child.id}`)}>{file('openFile')}</Link>
      </div>
      {demand.transfer && <p className="kern-body">{demand.present_place ? transfer('office', { facility: demand.present_place.facility_name }) : transfer('officeNone')}</p>}
      {demand.mail_problem && <Alert tone="warning" title={t('demand.mailProblem')} />}
      {demand.unanswered && <Alert tone="warning" title={told('unanswered')}><p className="kern-body">{told('unansweredText')}</p></Alert>}
      {mayWrite && <DemandActions demand={demand} onChanged={(message) => { offer(message); void query.refetch() }} onReload={() => void query.refetch()} />}
      <div className="kp-columns">
        <div className="kp-stack">
          <Section title={t('demand.facts')}><Facts items={facts} /></Section>
          <Custody child={demand.child.id} mayWrite={mayWrite} onChanged={(message) => { offer(message); void query.refetch() }} />
          <MandatesSection child={demand.child.id} mayWrite={mayWrite} onChanged={(message) => offer(message)} />
          <ResidenceSection demand={demand.id} />
          <AccessSection demand={demand.id} />
          <Section title={t('demand.history')}><History demand={demand} /></Section>
        </div>
        <div className="kp-stack">
          <Section title={t('demand.preferences')}>
            {demand.preferences.length === 0
              ? <p className="kern-body">{t('demand.noPreferences')}</p>
              : (
                <Table cards
                  caption={t('demand.preferences')}
                  hideCaption
                  rows={[...demand.preferences].sort((a, b) => a.rank - b.rank)}
                  rowKey={(row) => row.id}
                  columns={[
                    { id: 'rank', header: t('demand.rank'), numeric: true, cell: (row) => row.rank },
                    { id: 'facility', header: t('demand.facility'), rowHeader: true, cell: (row) => row.facility_name },
                    { id: 'state', header: t('col.state'), cell: (row) => <><Badge {...PREFERENCE_LOOK[row.state]}>{state(row.state)}</Badge><div className="kp-small">{t('demand.since')} {format.date(row.state_since)}</div>{row.refuse_reason && <div className="kp-small">{words.refuseReason(row.refuse_reason)}{row.refuse_note && `: ${row.refuse_note}`}</div>}</> },
                    { id: 'due', header: t('demand.answerDue'), cell: (row) => (row.answer_due_on && awaitsAnswer(row.state) ? <Due on={row.answer_due_on} /> : '–') },
                  ]}
                />
              )}
            {[...demand.preferences].sort((a, b) => a.rank - b.rank).map((row) => row.score && (
              <details className="kp-own" key={row.id}>
                <summary>{row.facility_name}: {criteria('say.points', { count: row.score.points })}{row.score.rank > 0 && `, ${criteria('score.rank', { rank: row.score.rank })}`}</summary>
                <ScoreDetail score={row.score} />
              </details>
            ))}
          </Section>
          <Section title={t('evidence.title')}>
            <Evidence demand={demand} mayWrite={mayWrite} onChanged={(message) => { offer(message); void query.refetch() }} />
          </Section>
          <NoticesSection demand={demand} />
        </div>
      </div>
      {bar}
    </Page>
  )
}
