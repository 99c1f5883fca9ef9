import { useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useGet, useRefresh, useSend } from '../../api/hooks'
import type { DeclineReason, Offer } from '../../api/types'
import { NotFound } from '../../app/states'
import { useTo } from '../../app/tenant'
import { formatDate, formatDateTime, formatWeekday, lastDay } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Actions, Alert, Button, ButtonLink, Dialog, ErrorState, Facts, Link, Page, ProblemView, RadioGroup, Section, Skeleton } from '../../ui'
import { useHoursText, WeekTable } from '../contracts/week'
import { isOpenOffer } from '../family/offer-card'

const REASONS: DeclineReason[] = ['other_place', 'too_far', 'hours', 'start', 'cost', 'other']

function useAnswer(offer: Offer) {
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  return useSend(async (answer: 'accept' | 'decline', body: object) => {
    const next = await api.post<Offer>(`/offers/${offer.id}/${answer}`, body, { version: offer.version })
    client.setQueryData(keyOf(api, `/offers/${offer.id}`), next)
    await refresh('/demands', '/contracts', '/family')
    return next
  })
}

function Accept({ offer }: { offer: Offer }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: improve } = useTranslation('improve')
  const { t: common } = useTranslation()
  const to = useTo()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const answer = useAnswer(offer)
  const accept = async () => {
    const result = await answer.run('accept', {})
    if (!result?.ok) return
    setOpen(false)
    if (result.value.contract_id) void navigate(to(`/vertrag/${result.value.contract_id}`), { state: { fresh: true } })
  }
  const kept = offer.better_than
  const date = formatDate(offer.care_from, i18n.language)
  const label = kept ? improve('offer.accept') : t('offer.accept')
  return (
    <>
      <Button icon="check" onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} title={kept ? improve('offer.acceptTitle', { facility: offer.facility_name }) : t('offer.acceptTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.back')}</Button><Button busy={answer.busy} onClick={() => void accept()}>{label}</Button></>}>
        <p className="kern-body">{kept ? improve('offer.acceptText', { from: kept, to: offer.facility_name, date }) : t('offer.acceptText', { facility: offer.facility_name, date })}</p>
        <ProblemView problem={answer.error} />
      </Dialog>
    </>
  )
}

function Decline({ offer }: { offer: Offer }): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: improve } = useTranslation('improve')
  const { t: common } = useTranslation()
  const words = useWords()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState<DeclineReason | ''>('')
  const [missing, setMissing] = useState(false)
  const answer = useAnswer(offer)
  const decline = async () => {
    setMissing(!reason)
    if (!reason) return
    const result = await answer.run('decline', { reason })
    if (result?.ok) setOpen(false)
  }
  const kept = offer.better_than
  const label = kept ? improve('offer.decline') : t('offer.decline')
  return (
    <>
      <Button kind="secondary" onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} title={kept ? improve('offer.declineTitle', { facility: kept }) : t('offer.declineTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.back')}</Button><Button danger busy={answer.busy} onClick={() => void decline()}>{label}</Button></>}>
        <p className="kern-body">{kept ? improve('offer.declineText', { from: kept, to: offer.facility_name }) : t('offer.declineText', { facility: offer.facility_name })}</p>
        <RadioGroup id="reason" label={t('offer.reason')} value={reason} onChange={setReason} error={missing ? t('offer.reasonMissing') : null} options={REASONS.map((value) => ({ value, label: words.declineReason(value) }))} />
        <ProblemView problem={answer.error} />
      </Dialog>
    </>
  )
}

function Outcome({ offer }: { offer: Offer }): JSX.Element | null {
  const { t, i18n } = useTranslation('demand')
  const { t: improve } = useTranslation('improve')
  const to = useTo()
  const goesOn = offer.better_than ? improve('offer.over', { facility: offer.better_than }) : t('offer.goesOn')
  const when = formatDateTime(offer.answered_at, i18n.language)
  switch (offer.state) {
    case 'accepted':
      return <Alert tone="success" live title={t('offer.accepted', { facility: offer.facility_name })}>{offer.contract_id && <ButtonLink to={to(`/vertrag/${offer.contract_id}`)}>{t('offer.toContract')}</ButtonLink>}</Alert>
    case 'declined':
      return <Alert tone="info" live title={t('offer.declined')}><p className="kern-body">{goesOn} {when && t('offer.answeredAt', { time: when })}</p></Alert>
    case 'expired':
      return <Alert tone="warning" title={t('offer.expired', { date: formatDate(offer.deadline_on, i18n.language) })}><p className="kern-body">{goesOn}</p></Alert>
    case 'revoked':
      return <Alert tone="warning" title={t('offer.revoked')}>{offer.revoke_reason && !offer.better_than && <p className="kern-body">{offer.revoke_reason}</p>}<p className="kern-body">{goesOn}</p></Alert>
    default:
      return null
  }
}

function OfferView({ offer }: { offer: Offer }): JSX.Element {
  const { t, i18n } = useTranslation('demand')
  const { t: improve } = useTranslation('improve')
  const { t: contracts } = useTranslation('contracts')
  const words = useWords()
  const to = useTo()
  const open = isOpenOffer(offer)
  const kept = offer.better_than
  const hours = useHoursText()
  return (
    <Page title={t('offer.title', { child: words.childLabel(offer.child.label) })} back={{ to: to('/familie'), label: t('tasks.family') }}>
      <Outcome offer={offer} />
      {open && (
        <div className="kp-panel kp-panel--strong">
          <p className="kern-heading-medium">{offer.facility_name}</p>
          <p className="kp-deadline">{t('offer.deadline')} <strong>{formatWeekday(offer.deadline_on, i18n.language)}</strong></p>
          <p className="kern-body">{kept ? improve('offer.held') : t('offer.held')}</p>
          {kept && (
            <Alert tone="info" title={improve('offer.title', { facility: kept })}>
              <p className="kern-body">{improve('offer.text', { facility: kept })}</p>
              {offer.present_facility && <p className="kern-body">{improve('offer.sign', { facility: kept })}</p>}
            </Alert>
          )}
          {offer.present_facility && !kept && <Alert tone="info" title={t('offer.present', { facility: offer.present_facility })}><p className="kern-body">{t('offer.presentText', { date: formatDate(offer.care_from, i18n.language) })}</p></Alert>}
          <Actions><Accept offer={offer} /><Decline offer={offer} /></Actions>
        </div>
      )}
      <Section title={t('offer.details')}>
        <Facts items={[
          { id: 'facility', term: t('offer.facility'), value: <Link to={to(`/kita/${offer.facility_id}`)}>{offer.facility_name}</Link> },
          { id: 'from', term: t('offer.from'), value: formatDate(offer.care_from, i18n.language) },
          ...(offer.care_until ? [{ id: 'until', term: t('offer.until'), value: formatDate(lastDay(offer.care_until), i18n.language) }] : []),
          { id: 'hours', term: t('field.hours_per_week'), value: offer.week ? hours(offer) : t('times.hoursValue', { count: offer.hours_per_week }) },
          ...(offer.week ? [{ id: 'window', term: contracts('facts.week'), value: <WeekTable week={offer.week} /> }] : []),
          ...(!offer.week && offer.window_from && offer.window_to ? [{ id: 'window', term: t('check.window'), value: t('check.windowValue', { from: offer.window_from, to: offer.window_to }) }] : []),
          { id: 'sent', term: t('offer.sentAt'), value: formatDateTime(offer.sent_at, i18n.language) },
        ]} />
      </Section>
      <p className="kern-body"><Link to={to(`/bedarf/${offer.demand_id}`)}>{t('offer.toDemand')}</Link></p>
    </Page>
  )
}

export default function OfferPage(): JSX.Element {
  const { t } = useTranslation('demand')
  const { offer: id = '' } = useParams()
  const api = useApi()
  const client = useQueryClient()
  const path = `/offers/${encodeURIComponent(id)}`
  const query = useGet<Offer>(path)
  const told = useRef(false)
  const offer = query.data
  useEffect(() => {
    if (offer?.state !== 'sent' || told.current) return
    told.current = true
    // That the offer was seen is told once; when it cannot be told now, the next visit does it.
    api.post<Offer>(`${path}/view`).then((next) => client.setQueryData(keyOf(api, path), next), () => undefined)
  }, [offer, api, client, path])
  if (query.error?.status === 404) return <NotFound />
  if (query.error && !offer) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!offer) return <Page title={t('offer.loading')}><Skeleton lines={5} /></Page>
  return <OfferView offer={offer} />
}
