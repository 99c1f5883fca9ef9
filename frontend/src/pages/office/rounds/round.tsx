import { useEffect, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../../api/context'
import { useGet, useRefresh } from '../../../api/hooks'
import type { Deviation, ReportOfRun, Round, RoundSteps } from '../../../api/round-types'
import type { Items } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { criteriaNames } from '../../../lib/why'
import { useWords } from '../../../lib/words'
import { ButtonLink, DownloadLink, ErrorState, Facts, Page, Section, Skeleton, type Fact } from '../../../ui'
import { useFormat, useUndo } from '../../../staff'
import { Deviations } from './deviations'
import { FacilitySteps } from './facility-steps'
import { Guide } from './guide'
import { Answers, Outcomes } from './outcomes'
import { Report } from './report'
import { RoundBadge } from './words'
import './rounds.css'

/** What was laid down and what was published, for whoever checks the round. */
function Record({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const { t: siblings } = useTranslation('siblings')
  const { t: improve } = useTranslation('improve')
  const format = useFormat()
  const words = useWords()
  const code = (text: string | null) => (text ? <code className="kp-hash">{text}</code> : t('record.notYet'))
  const items: Fact[] = [
    { id: 'mode', term: t('form.mode'), value: t(`mode.${round.mode}`) },
    { id: 'key', term: t('form.key'), value: format.date(round.key_date) },
    { id: 'start', term: t('form.start'), value: format.date(round.start_on) },
    { id: 'bands', term: t('form.bands'), value: round.config.age_bands.map(words.ageBand).join(', ') },
    { id: 'siblings', term: t('form.siblings'), value: `${t(`siblings.${round.config.siblings}`)}\n${t(`siblingsHint.${round.config.siblings}`)}\n${siblings('round.whoSaid')}` },
    { id: 'after', term: improve('rule'), value: improve(`option.${round.config.after_release}`) },
    { id: 'days', term: t('form.days'), value: round.config.offer_days === null ? t('record.tenantDays') : t('record.days', { count: round.config.offer_days }) },
    { id: 'draw', term: t('form.source'), value: `${round.config.draw_source}\n${format.date(round.config.draw_on)}` },
    { id: 'seed', term: t('record.seed'), value: round.seed ? <strong>{round.seed}</strong> : t('record.notYet') },
    { id: 'criteria', term: t('record.criteria'), value: round.criteria ? criteriaNames(round.criteria) : t('record.notYet') },
    { id: 'snapshot', term: t('record.snapshot'), value: code(round.snapshot_sha256) },
    { id: 'commitment', term: t('record.commitment'), value: code(round.commitment) },
    { id: 'engine', term: t('record.engine'), value: round.engine },
  ]
  return <Facts items={items} />
}

function Files({ round }: { round: Round }): JSX.Element {
  const { t } = useTranslation('rounds')
  const api = useApi()
  return (
    <div className="kp-stack kp-stack--small">
      <p className="kern-body">{t('files.text')}</p>
      {round.run && <pre className="kp-command" tabIndex={0} aria-label={t('files.command')}><code>{`kitaplatz allocation replay vergabe-lauf-${round.run.number}.json`}</code></pre>}
      <div className="kp-actions">
        {round.run && <DownloadLink small href={api.url(`/rounds/${round.id}/runs/${round.run.id}/file`)}>{t('files.run', { number: round.run.number })}</DownloadLink>}
        {round.released_at && <DownloadLink small href={api.url(`/rounds/${round.id}/decisions`)}>{t('files.decisions')}</DownloadLink>}
      </div>
    </div>
  )
}

function ReportOf({ round }: { round: Round }): JSX.Element {
  const query = useGet<ReportOfRun>(`/rounds/${round.id}/report`)
  // After a new run the figures of the old one are never shown.
  const stale = query.data && query.data.run.id !== round.run?.id
  const { refetch } = query
  useEffect(() => { if (stale) void refetch() }, [stale, refetch])
  const counting = query.data?.chances === null
  useEffect(() => {
    if (!counting) return undefined
    const timer = setInterval(() => void refetch(), 4000)
    return () => clearInterval(timer)
  }, [counting, refetch])
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void refetch()} />
  if (!query.data || stale) return <Skeleton blocks={2} lines={4} />
  return <Report round={round} report={query.data.report} run={query.data.run} chances={query.data.chances} byWish={query.data.by_wish} />
}

/** A round: where it stands, the next step, the report, what was decided against the proposal, the record. */
export function RoundPage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const { round: id = '' } = useParams()
  const to = useTo()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<Round>(`/rounds/${id}`)
  const deviations = useGet<Items<Deviation>>(`/rounds/${id}/deviations`)
  const round = query.data
  const coordinated = round?.mode === 'coordinated' && round.frozen_at !== null
  const steps = useGet<RoundSteps>(`/rounds/${id}/steps`, undefined, { enabled: coordinated })
  const { refetch } = query
  const sending = round?.state === 'released' && round.outcomes.waiting > 0
  useEffect(() => {
    if (!sending) return undefined
    const timer = setInterval(() => void refetch(), 3000)
    return () => clearInterval(timer)
  }, [sending, refetch])
  const back = { to: to('/amt/vergabe'), label: t('title') }
  if (!round) {
    return (
      <Page title={t('round')} back={back} width="full">
        {query.error ? <ErrorState problem={query.error} onRetry={() => void refetch()} /> : <Skeleton blocks={2} lines={5} />}
      </Page>
    )
  }
  const reload = () => void refresh('/rounds')
  const changed = (message: string) => { offer(message); reload() }
  return (
    <Page title={round.name} back={back} width="full">
      <div className="kp-row">
        <RoundBadge state={round.state} />
        {round.run && <ButtonLink small kind="secondary" to={to(`/amt/vergabe/${round.id}/faelle`)}>{t('act.cases')}</ButtonLink>}
        {round.frozen_at && <ButtonLink small kind="tertiary" to={to(`/amt/vergabe/${round.id}/kriterien-vergleich`)}>{t('sim.title')}</ButtonLink>}
      </div>
      <Guide round={round} deviations={deviations.data?.items ?? []} steps={steps.data ?? null} onChanged={changed} onReload={reload} />
      {steps.error && <ErrorState problem={steps.error} onRetry={() => void steps.refetch()} />}
      {coordinated && steps.data && <FacilitySteps round={round} steps={steps.data} onChanged={changed} />}
      {round.released_at && <Section title={t('outcomes')}><Outcomes round={round} /></Section>}
      {round.released_at && <Section title={t('answers')}><Answers round={round} /></Section>}
      {round.run ? <ReportOf round={round} /> : round.state === 'frozen' && <p className="kern-body">{t('report.none')}</p>}
      {round.frozen_at && <Section id="abweichungen" title={t('deviations.title')}><Deviations round={round} query={deviations} onChanged={changed} /></Section>}
      <div className="kp-columns kp-columns--even">
        <Section title={t('record.title')}><Record round={round} /></Section>
        <Section title={t('files.title')}><Files round={round} /></Section>
      </div>
      {bar}
    </Page>
  )
}
