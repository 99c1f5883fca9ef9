import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { SwapPart } from '../../api/swap-types'
import type { Child, Contract, Demand, Family, Items, Offer, Page as ListPage } from '../../api/types'
import { useSession } from '../../app/session'
import { useTenant, useTo } from '../../app/tenant'
import { addDays, formatDate, today } from '../../lib/dates'
import { GUARDIAN_TOKEN, readDraft } from '../../lib/drafts'
import { DEMAND_LOOK, useWords } from '../../lib/words'
import { useWishes } from '../../lib/wishes'
import { Actions, Alert, Badge, Button, ButtonLink, Card, EmptyState, ErrorState, Link, Page, ProblemView, Section, Skeleton } from '../../ui'
import { useChildName } from './child-name'
import { ClaimHint } from './claim-hint'
import { isOpenOffer, OfferCard } from './offer-card'
import { isRunning, useSentence } from './sentence'
import { Timeline } from './timeline'
import { PlaceStays } from './place-stays'

/** The first day on which a demand for this child may be made, when that is still to come. */
function earliestApplication(child: Child, daysBeforeBirth: number): string | null {
  if (!child.expected_birth_date || child.birth_date) return null
  const first = addDays(child.expected_birth_date, -daysBeforeBirth)
  return first > today() ? first : null
}

function StartDemand({ child }: { child: Child }): JSX.Element {
  const { t, i18n } = useTranslation('family')
  const api = useApi()
  const to = useTo()
  const tenant = useTenant()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { key } = useIdempotencyKey()
  const start = useSend(async () => {
    const made = await api.post<Demand>('/demands', { child_id: child.id }, { idempotencyKey: key() })
    await refresh('/demands', '/family')
    void navigate(to(`/bedarf/${made.id}`))
  })
  const early = earliestApplication(child, tenant.earliest_application_days_before_birth)
  if (early) return <p className="kern-body">{t('card.tooEarly', { date: formatDate(early, i18n.language) })}</p>
  return (
    <>
      <ProblemView problem={start.error} />
      <Actions><Button busy={start.busy} onClick={() => void start.run()}>{t('card.start')}</Button></Actions>
    </>
  )
}

function ChildCard({ child, demand, contract }: { child: Child; demand: Demand | undefined; contract: Contract | undefined }): JSX.Element {
  const { t } = useTranslation('family')
  const words = useWords()
  const to = useTo()
  const sentence = useSentence()
  const known = demand?.siblings?.with.length ? demand.siblings : null
  const line = known && (known.answer ? t('siblings.line', { answer: t(`siblings.answer.${known.answer}`) }) : t('siblings.open'))
  const name = useChildName()(child)
  return (
    <Card as="li" title={<span className="kp-row kp-row--between"><span>{name}</span>{demand && <Badge {...DEMAND_LOOK[demand.state]}>{words.demandState(demand.state)}</Badge>}</span>}>
      <p className="kern-body kern-body--large">{demand ? sentence(demand) : t('card.noDemand')}</p>
      {demand?.mail_problem && <Alert tone="warning" title={t('card.mailProblem')}><Link to={to('/konto')}>{t('card.checkMail')}</Link></Alert>}
      {demand && <Timeline demand={demand} />}
      {demand && <PlaceStays demand={demand} />}
      {demand && line && <p className="kern-body"><Link to={to(`/bedarf/${demand.id}${demand.state === 'draft' ? '/pruefen' : ''}#geschwister`)}>{line}</Link></p>}
      {!child.demand_id && !child.place && <StartDemand child={child} />}
      <Actions>
        {demand && <ButtonLink kind={demand.state === 'draft' ? 'primary' : 'secondary'} to={to(`/bedarf/${demand.id}`)}>{demand.state === 'draft' ? t('card.continue') : isRunning(demand) ? t('card.openRunning') : t('card.open')}</ButtonLink>}
        {contract && <ButtonLink kind="secondary" icon="document" to={to(`/vertrag/${contract.id}`)}>{t('card.contract')}</ButtonLink>}
        <ButtonLink kind="tertiary" icon="edit" to={to(`/familie/kind/${child.id}`)}>{t('card.child')}</ButtonLink>
      </Actions>
    </Card>
  )
}

/** The demand that matters for a child now: the open one, else the newest. */
function demandOf(child: Child, demands: Demand[]): Demand | undefined {
  const own = demands.filter((demand) => demand.child.id === child.id)
  return own.find((demand) => demand.id === child.demand_id) ?? own.sort((a, b) => b.updated_at.localeCompare(a.updated_at))[0]
}

function Children({ family, demands, contracts }: { family: Family; demands: Demand[]; contracts: Contract[] }): JSX.Element {
  const { t } = useTranslation('family')
  const { session } = useSession()
  const to = useTo()
  if (!family.guardian) {
    return <EmptyState title={t('home.firstYou')} action={<ButtonLink icon="person" to={to('/familie/daten')}>{t('home.data')}</ButtonLink>}>{t('home.firstYouText')}</EmptyState>
  }
  if (family.children.length === 0) {
    return (
      <EmptyState title={t('home.noChild')} action={<ButtonLink icon="add" to={to('/familie/kind/neu')}>{t('home.addChild')}</ButtonLink>}>
        {t('home.noChildText')}
      </EmptyState>
    )
  }
  return (
    <>
      <ul className="kp-cards">
        {family.children.map((child) => {
          const demand = demandOf(child, demands)
          return <ChildCard key={child.id} child={child} demand={demand} contract={contracts.find((contract) => contract.demand_id === demand?.id) ?? (child.place ? contracts.find((contract) => contract.child.id === child.id && contract.state !== 'terminated') : undefined)} />
        })}
      </ul>
      {!session.acting && <Actions><ButtonLink kind="secondary" icon="add" to={to('/familie/kind/neu')}>{t('home.addAnother')}</ButtonLink></Actions>}
    </>
  )
}

export function Home(): JSX.Element {
  const { t } = useTranslation('family')
  const { session } = useSession()
  const to = useTo()
  const tenant = useTenant()
  const { wishes } = useWishes(tenant.slug)
  const family = useGet<Family>('/family')
  const demands = useGet<Items<Demand>>('/demands')
  const offers = useGet<Items<Offer>>('/offers')
  const contracts = useGet<ListPage<Contract>>('/contracts')
  const swaps = useGet<Items<SwapPart>>('/family/swaps', undefined, { enabled: !session.acting })
  const all = [family, demands, offers, contracts, swaps]
  const failed = all.find((query) => query.error)
  const open = (offers.data?.items ?? []).filter(isOpenOffer)
  return (
    <Page title={session.acting?.family_name ?? t('home.title')}>
      {failed?.error && <ErrorState problem={failed.error} part={Boolean(family.data && demands.data)} onRetry={() => { for (const query of all) if (query.error) void query.refetch() }} />}
      {readDraft<string>(GUARDIAN_TOKEN) && <Alert tone="info" title={t('home.invitationWaits')}><Link to={to('/elternteil-einladung')}>{t('home.invitationOpen')}</Link></Alert>}
      {open.map((offer) => <OfferCard key={offer.id} offer={offer} />)}
      {swaps.data?.items.some((part) => part.may_answer) && <Alert tone="warning" title={t('swap.waits')}><Link to={to('/familie/tausch')}>{t('swap.look')}</Link></Alert>}
      {!family.error && !demands.error && (!family.data || !demands.data) && <Skeleton blocks={2} lines={4} />}
      {family.data && demands.data && (
        <>
          {wishes.length > 0 && <Alert tone="info" title={t('home.wishesWait', { count: wishes.length })}><p className="kern-body">{t('home.wishesText')}</p></Alert>}
          <Children family={family.data} demands={demands.data.items} contracts={contracts.data?.items ?? []} />
          {family.data.children.length === 0 && !session.acting && <ClaimHint />}
          {family.data.guardian && !session.acting && (
            <Section title={t('home.dataTitle')}>
              <p className="kern-body">{family.data.household ? t('home.dataText') : t('home.dataMissing')}</p>
              <Actions><ButtonLink kind="secondary" icon="person" to={to('/familie/daten')}>{t('home.data')}</ButtonLink><ButtonLink kind="tertiary" icon="document" to={to('/familie/beitraege')}>{t('home.fees')}</ButtonLink><ButtonLink kind="tertiary" icon="people" to={to('/familie/vollmachten')}>{t('mandates')}</ButtonLink></Actions>
            </Section>
          )}
        </>
      )}
    </Page>
  )
}
