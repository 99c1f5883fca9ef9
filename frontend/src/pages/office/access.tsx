import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FamilyAccess } from '../../api/claim-types'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { Actions, Alert, Button, ErrorState, Facts, Link, ProblemView, Section } from '../../ui'
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
  if (query.error && !query.data) return <Section title={t('office.title')}><ErrorState part problem={query.error} onRetry={() => void query.refetch()} /></Section>
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
