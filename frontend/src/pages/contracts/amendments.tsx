import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { AgreedTerms, AmendmentState, ContractAmendment, ContractDetail } from '../../api/contract-types'
import { formatDate, today } from '../../lib/dates'
import { WEEKDAYS, weekdayName } from '../../lib/week'
import { Alert, Badge, DownloadLink, Table, type IconName, type Tone } from '../../ui'
import { Signatures } from './parts'
import { useHoursText } from './week'

const LOOK: Record<AmendmentState, { tone: Tone | 'neutral'; icon: IconName }> = {
  drafted: { tone: 'info', icon: 'edit' },
  sent: { tone: 'warning', icon: 'mail' },
  signed_by_guardians: { tone: 'info', icon: 'people' },
  signed_by_provider: { tone: 'success', icon: 'check' },
  terminated: { tone: 'neutral', icon: 'x-circle' },
}
type Line = { id: string; what: string; before: string; after: string }

/** What was agreed and what a change makes of it, line by line. */
function Compared({ change }: { change: ContractAmendment }): JSX.Element {
  const { t, i18n } = useTranslation('amendments')
  const { t: contracts } = useTranslation('contracts')
  const hours = useHoursText()
  const day = (iso: string) => formatDate(iso, i18n.language)
  const time = (terms: AgreedTerms) => terms.window_from && terms.window_to ? contracts('facts.windowValue', { from: terms.window_from, to: terms.window_to }) : '–'
  const onDay = (terms: AgreedTerms, weekday: number) => {
    if (!terms.week) return time(terms)
    const of = terms.week.find((one) => one.weekday === weekday)
    return of ? contracts('facts.windowValue', { from: of.from, to: of.to }) : contracts('facts.absent')
  }
  const line = (id: string, what: string, of: (terms: AgreedTerms) => string): Line => ({ id, what, before: of(change.before), after: of(change.after) })
  const lines = [
    line('hours', contracts('facts.hours'), hours),
    // As soon as one side has its own times on some day, both are compared day by day.
    ...(change.before.week || change.after.week
      ? WEEKDAYS.map((weekday) => line(`day${weekday}`, weekdayName(weekday, i18n.language), (terms) => onDay(terms, weekday)))
      : [line('window', contracts('facts.window'), time)]),
    line('last', contracts('facts.last'), (terms) => day(terms.last_day)),
    ...(change.group_name ? [{ id: 'group', what: t('group'), before: '–', after: change.group_name }] : []),
  ]
  return (
    <Table cards
      caption={t('compared', { number: change.number })}
      hideCaption
      rows={lines}
      rowKey={(row) => row.id}
      columns={[
        { id: 'what', header: t('col.what'), rowHeader: true, cell: (row) => row.what },
        { id: 'before', header: t('col.before'), cell: (row) => row.before },
        { id: 'after', header: t('col.after', { date: day(change.valid_from) }), cell: (row) => row.before === row.after ? t('unchanged') : <strong>{row.after}</strong> },
      ]}
    />
  )
}

/** The changes of a contract, the newest first; one that was let be says so. */
export function Amendments({ contract, level }: { contract: ContractDetail; level: 2 | 3 }): JSX.Element | null {
  const { t, i18n } = useTranslation('amendments')
  const api = useApi()
  if (contract.amendments.length === 0) return null
  const Heading = `h${level}` as 'h2'
  const day = (iso: string) => formatDate(iso, i18n.language)
  const state = (change: ContractAmendment) => change.state === 'signed_by_provider' && change.valid_from <= today() ? t('state.holds') : t(`state.${change.state}`)
  return (
    <>
      {contract.amendments.filter((change) => change.may_sign).map((change) => <Alert key={change.number} tone="warning" title={t('yourTurn', { date: day(change.valid_from) })}><p className="kern-body">{t('yourTurnText')}</p></Alert>)}
      {[...contract.amendments].reverse().map((change) => (
        <section key={change.number} className="kp-stack kp-stack--small">
          <Heading className="kern-heading-medium">{t('title', { number: change.number, date: day(change.valid_from) })}</Heading>
          <p className="kp-row"><Badge {...LOOK[change.state]}>{state(change)}</Badge></p>
          <Compared change={change} />
          {change.note && <p className="kern-body">{t('note', { note: change.note })}</p>}
          {change.sent_at && change.state !== 'terminated' && <Signatures contract={change} />}
          {change.state !== 'terminated' && <div><DownloadLink small kind="tertiary" href={api.url(`/contracts/${contract.id}/amendment.pdf?number=${change.number}`)}>{t('pdf')}</DownloadLink></div>}
        </section>
      ))}
    </>
  )
}
