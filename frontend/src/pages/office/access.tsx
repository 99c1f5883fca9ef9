import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClaimProgress, FamilyAccess } from '../../api/claim-types'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { hasRole, useSession } from '../../app/session'
import { Actions, Alert, Button, ButtonLink, ErrorState, Facts, Link, Page, ProblemView, Section, Skeleton } from '../../ui'
import { useFormat } from '../../staff'
import { useMayWrite } from './rights'

/** Who of a child's guardians has an account, and the code for who has none. */
export function AccessSection({ demand }: { demand: string }): JSX.Element | null {
  const { t } = useTranslation('claims')
  const api = useApi()
  const to = useTo()
  const format = useFormat()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const { key, renew } = useIdempotencyKey()
  const path = `/office/demands/${demand}/claim-codes`
  const query = useGet<Items<FamilyAccess>>(path)
  const issue = useSend(async () => {
    await api.post(path, {}, { idempotencyKey: key() })
    renew()
    await refresh('/office')
    return true
  })
  const people = query.data?.items ?? []
  if (people.length === 0) return null
  const without = people.filter((person) => !person.has_account)
  const says = (person: FamilyAccess): string => {
    if (person.has_account) return person.used_at ? t('office.came', { date: format.date(person.used_at) }) : t('office.hasAccount')
    return person.issued_at ? t('office.open', { date: format.date(person.issued_at), until: format.date(person.expires_at) }) : t('office.none')
  }
  const hasCode = without.some((person) => person.issued_at)
  return (
    <Section title={t('office.title')}>
      <Facts items={people.map((person) => ({ id: person.guardian_id, term: person.name, value: says(person) }))} />
      <ProblemView problem={issue.error} />
      {issue.result && <Alert tone="success" live title={t('office.issued')}><Link to={to('/amt/briefe')}>{t('office.toLetters')}</Link></Alert>}
      {without.length > 0 && mayWrite && (
        <>
          <p className="kern-body">{t('office.text')}{hasCode && ` ${t('office.renewHint')}`}</p>
          <Actions><Button kind="secondary" small busy={issue.busy} onClick={() => void issue.run()}>{hasCode ? t('office.renew') : t('office.issue')}</Button></Actions>
        </>
      )}
    </Section>
  )
}

/** Families without an account as a whole: how many have a code, and letters for the rest. */
export function FamilyAccessPage(): JSX.Element {
  const { t } = useTranslation('claims')
  const api = useApi()
  const to = useTo()
  const format = useFormat()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const { session } = useSession()
  const { key, renew } = useIdempotencyKey()
  const query = useGet<ClaimProgress>('/office/claim-codes')
  const [written, setWritten] = useState(0)
  const issue = useSend(async () => {
    let all = 0
    // The office asks in portions, so that no request takes long and a break loses nothing.
    for (;;) {
      const answer = await api.post<ClaimProgress>('/office/claim-codes', {}, { idempotencyKey: key() })
      renew()
      all += answer.issued
      setWritten(all)
      if (answer.issued === 0 || answer.without_code === 0) break
    }
    await refresh('/office')
    return all
  })
  const progress = query.data
  if (!progress) return <Page title={t('page.title')} width="full">{query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={1} lines={3} />}</Page>
  const isAdmin = hasRole(session, ['tenant_admin'])
  return (
    <Page title={t('page.title')} lead={t('page.lead')} width="full">
      <ul className="kp-figures">
        {(['without_account', 'without_code', 'claimed'] as const).map((name) => (
          <li key={name} className="kp-figure"><span className="kp-figure__value">{format.number(progress[name])}</span><span className="kp-figure__label">{t(`page.${name}`)}</span></li>
        ))}
      </ul>
      <ProblemView problem={issue.error} />
      <div role="status">{issue.busy && <p className="kern-body">{t('page.busy', { done: format.number(written) })}</p>}</div>
      {issue.result !== null && <Alert tone="success" live title={t('page.issued', { count: written })}><Link to={to('/amt/briefe')}>{t('office.toLetters')}</Link></Alert>}
      {progress.without_code === 0 && progress.without_account > 0 && <p className="kern-body">{t('page.allDone')}</p>}
      {mayWrite && progress.without_code > 0 && (
        <Actions><Button busy={issue.busy} onClick={() => void issue.run()}>{t('page.issue', { count: progress.without_code })}</Button></Actions>
      )}
      <Actions>
        <ButtonLink kind="secondary" icon="document" to={to('/amt/briefe')}>{t('office.toLetters')}</ButtonLink>
        {isAdmin && <ButtonLink kind="tertiary" to={to('/verwaltung/familien-import')}>{t('page.import')}</ButtonLink>}
      </Actions>
    </Page>
  )
}
