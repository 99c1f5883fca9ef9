import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet } from '../../api/hooks'
import type { PoolOutcome, PublicRound } from '../../api/round-types'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { ButtonLink, EmptyState, ErrorState, Page, Section, Select, Skeleton } from '../../ui'
import { useAddress, useFormat } from '../../staff'
import { PoolParts } from './pool-parts'
import { StaffRounds } from './rounds'

function Pool({ pool }: { pool: PoolOutcome }): JSX.Element {
  const { t } = useTranslation('rounds')
  const words = useWords()
  const format = useFormat()
  const title = `${pool.facility_name}, ${words.ageBand(pool.age_band)}`
  return (
    <Section title={title}>
      <p className="kern-body">{t('work.given', { given: format.number(pool.children.length), places: format.number(pool.places) })}</p>
      <PoolParts pool={pool} />
      {pool.children.length === 0
        ? <p className="kern-body kp-muted">{t('work.nobody')}</p>
        : (
          <div className="kp-dense-box" role="region" tabIndex={0} aria-label={title}>
            <table className="kp-dense">
              <caption className="kern-sr-only">{title}</caption>
              <thead><tr><th scope="col">{t('work.child')}</th><th scope="col">{t('work.from')}</th><th scope="col">{t('work.offer')}</th></tr></thead>
              <tbody>
                {pool.children.map((child) => (
                  <tr key={child.preference_id}>
                    <th scope="row">{words.childLabel(child.label)}</th>
                    <td data-label={t('work.from')} className="kp-num">{format.date(child.care_from)}</td>
                    <td data-label={t('work.offer')}>{child.offer_state ? words.offerState(child.offer_state) : t('work.noOffer')}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Section>
  )
}

/** What a released round gave to the facilities of whoever looks. */
export function OutcomePage(): JSX.Element {
  const { t } = useTranslation('rounds')
  const to = useTo()
  const { values, set } = useAddress()
  const rounds = useGet<Items<PublicRound>>('/allocations')
  const released = (rounds.data?.items ?? []).filter((round) => round.released_at)
  const chosen = released.find((round) => round.id === values['runde']) ?? released[0]
  const outcome = useGet<Items<PoolOutcome>>(`/staff/rounds/${chosen?.id ?? ''}/outcome`, undefined, { enabled: chosen !== undefined })
  const failed = rounds.error ?? outcome.error
  const pools = outcome.data?.items
  return (
    <Page title={t('work.title')} lead={t('work.lead')} width="full">
      <StaffRounds />
      {failed && <ErrorState problem={failed} onRetry={() => { void rounds.refetch(); void outcome.refetch() }} />}
      {!failed && (rounds.isPending || (chosen && outcome.isPending)) && <Skeleton blocks={2} lines={4} />}
      {rounds.isSuccess && released.length === 0 && <EmptyState title={t('work.none')}><p>{t('work.noneText')}</p></EmptyState>}
      {released.length > 1 && chosen && <Select label={t('work.choose')} value={chosen.id} onChange={(runde) => set({ runde })} options={released.map((round) => ({ value: round.id, label: round.name }))} />}
      {released.length === 1 && chosen && <p className="kern-body"><strong>{chosen.name}</strong></p>}
      {pools?.length === 0 && <EmptyState title={t('work.noPools')}><p>{t('work.noPoolsText')}</p></EmptyState>}
      {pools?.map((pool) => <Pool key={`${pool.facility_id}${pool.age_band}`} pool={pool} />)}
      {pools && pools.length > 0 && <div><ButtonLink small kind="secondary" to={to('/arbeit/angebote')}>{t('work.open')}</ButtonLink></div>}
    </Page>
  )
}
