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
  const { t, i18n } = useTranslation('offer')
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
  const label = kept ? improve('offer.accept') : t('accept')
  return (
    <>
      <Button icon="check" onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} title={kept ? improve('offer.acceptTitle', { facility: offer.facility_name }) : t('acceptTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.back')}</Button><Button busy={answer.busy} onClick={() => void accept()}>{label}</Button></>}>
        <p className="kern-body">{kept ? improve('offer.acceptText', { from: kept, to: offer.facility_name, date }) : t('acceptText', { facility: offer.facility_name, date })}</p>
        <ProblemView problem={answer.error} />
      </Dialog>
    </>
  )
}

function Decline({ offer }: { offer: Offer }): JSX.Element {
  const { t } = useTranslation('offer')
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
  const label = kept ? improve('offer.decline') : t('decline')
  return (
    <>
      <Button kind="secondary" onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} title={kept ? improve('offer.declineTitle', { facility: kept }) : t('declineTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.back')}</Button><Button danger busy={answer.busy} onClick={() => void decline()}>{label}</Button></>}>
        <p className="kern-body">{kept ? improve('offer.declineText', { from: kept, to: offer.facility_name }) : t('declineText', { facility: offer.facility_name })}</p>
        <RadioGroup id="reason" label={t('reason')} value={reason} onChange={setReason} error={missing ? t('reasonMissing') : null} options={REASONS.map((value) => ({ value, label: words.declineReason(value) }))} />
        <ProblemView problem={answer.error} />
      </Dialog>
    </>
  )
}

function Outcome({ offer }: { offer: Offer }): JSX.Element | null {
  const { t, i18n } = useTranslation('offer')
  const { t: improve } = useTranslation('improve')
  const to = useTo()
  const goesOn = offer.better_than ? improve('offer.over', { facility: offer.better_than }) : t('goesOn')
  const when = formatDateTime(offer.answered_at, i18n.language)
  switch (offer.state) {
    case 'accepted':
      return <Alert tone="success" live title={t('accepted', { facility: offer.facility_name })}>{offer.contract_id && <ButtonLink to={to(`/vertrag/${offer.contract_id}`)}>{t('toContract')}</ButtonLink>}</Alert>
    case 'declined':
      return <Alert tone="info" live title={t('declined')}><p className="kern-body">{goesOn} {when && t('answeredAt', { time: when })}</p></Alert>
    case 'expired':
      return <Alert tone="warning" title={t('expired', { date: formatDate(offer.deadline_on, i18n.language) })}><p className="kern-body">{goesOn}</p></Alert>
    case 'revoked':
      return <Alert tone="warning" title={t('revoked')}>{offer.revoke_reason && !offer.better_than && <p className="kern-body">{offer.revoke_reason}</p>}<p className="kern-body">{goesOn}</p></Alert>
    default:
      return null
  }
}

function OfferView({ offer }: { offer: Offer }): JSX.Element {
  const { t, i18n } = useTranslation('offer')
  const { t: demand } = useTranslation('demand')
  const { t: improve } = useTranslation('improve')
  const { t: contracts } = useTranslation('contracts')
  const words = useWords()
  const to = useTo()
  const open = isOpenOffer(offer)
  const kept = offer.better_than
  const hours = useHoursText()
  return (
    <Page title={t('title', { child: words.childLabel(offer.child.label) })} back={{ to: to('/familie'), label: demand('tasks.family') }}>
      <Outcome offer={offer} />
      {open && (
        <div className="kp-panel kp-panel--strong">
          <p className="kern-heading-medium">{offer.facility_name}</p>
          <p className="kp-deadline">{t('deadline')} <strong>{formatWeekday(offer.deadline_on, i18n.language)}</strong></p>
          <p className="kern-body">{kept ? improve('offer.held') : t('held')}</p>
          {kept && (
            <Alert tone="info" title={improve('offer.title', { facility: kept })}>
              <p className="kern-body">{improve('offer.text', { facility: kept })}</p>
              {offer.present_facility && <p className="kern-body">{improve('offer.sign', { facility: kept })}</p>}
            </Alert>
          )}
          {offer.present_facility && !kept && <Alert tone="info" title={t('present', { facility: offer.present_facility })}><p className="kern-body">{t('presentText', { date: formatDate(offer.care_from, i18n.language) })}</p></Alert>}
          <Actions><Accept offer={offer} /><Decline offer={offer} /></Actions>
        </div>
      )}
      <Section title={t('details')}>
        <Facts items={[
          { id: 'facility', term: t('facility'), value: <Link to={to(`/kita/${offer.facility_id}`)}>{offer.facility_name}</Link> },
          { id: 'from', term: t('from'), value: formatDate(offer.care_from, i18n.language) },
          ...(offer.care_until ? [{ id: 'until', term: t('until'), value: formatDate(lastDay(offer.care_until), i18n.language) }] : []),
          { id: 'hours', term: demand('field.hours_per_week'), value: offer.week ? hours(offer) : demand('times.hoursValue', { count: offer.hours_per_week }) },
          ...(offer.week ? [{ id: 'window', term: contracts('facts.week'), value: <WeekTable week={offer.week} /> }] : []),
          ...(!offer.week && offer.window_from && offer.window_to ? [{ id: 'window', term: demand('check.window'), value: demand('check.windowValue', { from: offer.window_from, to: offer.window_to }) }] : []),
          { id: 'sent', term: t('sentAt'), value: formatDateTime(offer.sent_at, i18n.language) },
        ]} />
      </Section>
      <p className="kern-body"><Link to={to(`/bedarf/${offer.demand_id}`)}>{t('toDemand')}</Link></p>
    </Page>
  )
}

export default function OfferPage(): JSX.Element {
  const { t } = useTranslation('offer')
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
  if (!offer) return <Page title={t('loading')}><Skeleton lines={5} /></Page>
  return <OfferView offer={offer} />
}
