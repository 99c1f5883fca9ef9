import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { Items, PublishedSet } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { REASONS } from '../../lib/why'
import { Alert, Badge, ErrorState, Page, Section, Skeleton } from '../../ui'
import { SetRules } from '../criteria/set-rules'
import { PHASE_LOOK, useCriteriaWords } from '../criteria/words'

const STEPS = ['1', '2', '3', '4', '5'] as const

function PublishedRules({ set }: { set: PublishedSet }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const words = useCriteriaWords()
  const date = formatDate(set.valid_from, i18n.language)
  const until = formatDate(set.valid_until, i18n.language)
  const when = set.phase === 'coming' ? t('parents.coming', { date }) : until ? t('parents.nowUntil', { date, until }) : t('parents.now', { date })
  return (
    <article className="kp-stack">
      <h3 className="kern-heading-small">{t('parents.version', { name: set.name, number: set.number })}</h3>
      <div><Badge {...PHASE_LOOK[set.phase]}>{when}</Badge></div>
      <SetRules rules={set.rules} />
      <div>
        <p className="kern-body"><strong>{t('parents.ties')}</strong></p>
        <ol className="kern-body kp-list">{set.tie_breaks.map((tie) => <li key={tie}>{words.tie(tie)}</li>)}</ol>
      </div>
    </article>
  )
}

/** What holds today stands before what is to come, and that in the order of its days. */
const nowFirst = (a: PublishedSet, b: PublishedSet): number => (a.valid_from ?? '').localeCompare(b.valid_from ?? '')

/** By which rules places are given, for parents: what counts how much, what must be shown until when, how ties are broken. */
export default function PublicCriteria(): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const { t: why } = useTranslation('why')
  const tenant = useTenant()
  const query = useGet<Items<PublishedSet>>('/criteria-sets', { language: i18n.language })
  const sets = query.data?.items ?? []
  const owners = [...new Map(sets.map((set) => [set.provider_id, set.provider_name])).entries()]
  return (
    <Page title={t('parents.title')} lead={t('parents.lead')}>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton blocks={2} lines={5} />}
      {query.isSuccess && sets.length === 0 && <Alert tone="info" title={t('parents.none')}><p className="kern-body">{t('parents.noneText', { office: tenant.office_name })}</p></Alert>}
      {sets.length > 0 && (
        <Section title={t('parents.how')}>
          <ol className="kern-body kp-list">{STEPS.map((step) => <li key={step}>{t(`parents.step.${step}`)}</li>)}</ol>
          <p className="kern-body">{t('parents.own')}</p>
        </Section>
      )}
      {owners.map(([id, name]) => (
        <Section key={id ?? 'municipality'} title={name ? t('parents.provider', { name }) : t('parents.municipality')}>
          <p className="kern-body">{name ? t('parents.providerText') : t('parents.municipalityText')}</p>
          {sets.filter((set) => set.provider_id === id).sort(nowFirst).map((set) => <PublishedRules key={set.id} set={set} />)}
        </Section>
      ))}
      {sets.length > 0 && (
        <Section title={t('parents.exceptions')}>
          <p className="kern-body">{t('parents.exceptionsText')}</p>
          <ul className="kern-body kp-list">{REASONS.map((reason) => <li key={reason}>{why(`providerReason.${reason}`)}</li>)}</ul>
        </Section>
      )}
    </Page>
  )
}
