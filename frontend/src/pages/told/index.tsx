import { useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useSend } from '../../api/hooks'
import type { DeclineReason, Offer, OfficeDemandDetail, Page, SiblingAnswer, Told, ToldBy } from '../../api/types'
import type { FollowupDemand } from '../../api/aftercare-types'
import type { OfficeSwapPart } from '../../api/swap-types'
import { toIso, today, toParts } from '../../lib/dates'
import { SIBLING_ANSWERS } from '../demand/siblings'
import { useWords } from '../../lib/words'
import { useFormat } from '../../staff'
import { Button, Checkbox, DateField, Dialog, ErrorState, ErrorSummary, RadioGroup, Skeleton, useFieldErrors } from '../../ui'

export const WAYS: ToldBy[] = ['phone', 'letter', 'in_person']
const REASONS: DeclineReason[] = ['other_place', 'too_far', 'hours', 'start', 'cost', 'other']
type Answer<V extends string> = { value: V; label: string; hint?: string }
type Props<V extends string> = {
  child: string
  answers: Answer<V>[]
  /** What else is asked with an answer, and the ids and messages of what is missing there. */
  more?: (answer: V | '', tried: boolean) => ReactNode
  missing?: (answer: V) => { id: string; message: string }[]
  /** The last day on which an answer counts, and until when a letter of it can still be opened. */
  last?: { on: string; letterUntil: string | null }
  send: (answer: V, told: Told) => Promise<unknown>
  onClose: () => void
  onDone: (message: string) => void
}

/** Enters what a family without an account said, on which day, and in which way. */
function ToldDialog<V extends string>({ child, answers, more, missing, last, send: action, onClose, onDone }: Props<V>): JSX.Element {
  const { t } = useTranslation('told')
  const { t: common } = useTranslation()
  const serverErrors = useFieldErrors()
  const [answer, setAnswer] = useState<V | ''>('')
  const [on, setOn] = useState(toParts(today()))
  const [by, setBy] = useState<ToldBy | ''>('')
  const [tried, setTried] = useState(false)
  const send = useSend(action)
  const format = useFormat()
  const day = toIso(on)
  const own = [
    ...(answer === '' ? [{ id: 'answer', message: t('needAnswer') }] : missing?.(answer) ?? []),
    ...(!day ? [{ id: 'told.on', message: t('needOn') }] : day > today() ? [{ id: 'told.on', message: t('future') }] : last && day > last.on ? [{ id: 'told.on', message: t('afterDeadline', { date: format.date(last.on) }) }] : []),
    ...(by === '' ? [{ id: 'told.by', message: t('needBy') }] : []),
  ]
  const shown = [...(tried ? own : []), ...Object.entries(serverErrors(send.error)).map(([id, message]) => ({ id, message }))]
  const error = (id: string) => shown.find((item) => item.id === id)?.message ?? null
  const submit = async () => {
    setTried(true)
    if (own.length > 0 || answer === '' || by === '' || !day) return
    const done = await send.run(answer, { on: day, by })
    if (done?.ok) onDone(t('done', { child }))
  }
  return (
    <Dialog
      open
      title={t('title', { child })}
      onClose={onClose}
      footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={shown} problem={send.error} />
      <p className="kern-body">{t('lead')}</p>
      {last?.letterUntil && <p className="kern-body">{t('letterUntil', { date: format.date(last.on), until: format.date(last.letterUntil) })}</p>}
      <RadioGroup id="answer" label={t('answer')} value={answer} onChange={setAnswer} error={error('answer')} options={answers} />
      {more?.(answer, tried)}
      <DateField id="told.on" label={t('on')} hint={t('onHint')} value={on} onChange={setOn} error={error('told.on')} />
      <RadioGroup id="told.by" label={t('by')} value={by} onChange={setBy} error={error('told.by')} options={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))} />
    </Dialog>
  )
}

type Closing = { onClose: () => void; onDone: (message: string) => void }

/** A family without an account answers an offer. */
export function OfferTold({ offer, ...closing }: Closing & { offer: Offer }): JSX.Element {
  const { t } = useTranslation('told')
  const api = useApi()
  const words = useWords()
  const [reason, setReason] = useState<DeclineReason | ''>('')
  return (
    <ToldDialog
      {...closing}
      child={words.childLabel(offer.child.label)}
      last={{ on: offer.deadline_on, letterUntil: offer.letter_until }}
      answers={(['accepted', 'declined'] as const).map((value) => ({ value, label: t(`offer.${value}`, { facility: offer.facility_name }), hint: t(`offer.${value}Hint`) }))}
      more={(answer, tried) => answer === 'declined' && <RadioGroup id="reason" label={t('reason')} value={reason} onChange={setReason} error={tried && !reason ? t('needReason') : null} options={REASONS.map((value) => ({ value, label: words.declineReason(value) }))} />}
      missing={(answer) => (answer === 'declined' && !reason ? [{ id: 'reason', message: t('needReason') }] : [])}
      send={(answer, told) => api.post(`/staff/offers/${offer.id}/answer`, { answer, reason: answer === 'declined' ? reason || null : null, told }, { version: offer.version })}
    />
  )
}

/** The same from the demand, which knows which wish has the offer, but not the offer. */
export function OfferOfDemandTold({ demand, facility, ...closing }: Closing & { demand: OfficeDemandDetail; facility: string }): JSX.Element {
  const { t } = useTranslation('told')
  const { t: common } = useTranslation()
  const words = useWords()
  const query = useGet<Page<Offer>>('/staff/offers', { facility_id: facility, state: 'sent,viewed', limit: 200 })
  const offer = query.data?.items.find((row) => row.demand_id === demand.id)
  if (offer) return <OfferTold offer={offer} {...closing} />
  return (
    <Dialog open title={t('title', { child: words.childLabel(demand.child.label) })} onClose={closing.onClose} footer={<Button kind="secondary" onClick={closing.onClose}>{common('action.cancel')}</Button>}>
      {query.error ? <ErrorState part problem={query.error} onRetry={() => void query.refetch()} /> : query.data ? <p className="kern-body">{t('noOffer')}</p> : <Skeleton lines={3} />}
    </Dialog>
  )
}

/** A family without an account says whether it still needs the place. */
export function DemandTold({ demand, ...closing }: Closing & { demand: OfficeDemandDetail }): JSX.Element {
  const { t } = useTranslation('told')
  const api = useApi()
  const words = useWords()
  const { t: siblings } = useTranslation('siblings')
  // Under an open offer the question is another one.
  const says = demand.state === 'offer_pending' ? (['withdrawn'] as const) : (['still_needed', 'withdrawn'] as const)
  return (
    <ToldDialog<'still_needed' | 'withdrawn' | SiblingAnswer>
      {...closing}
      child={words.childLabel(demand.child.label)}
      answers={[
        ...says.map((value) => ({ value, label: t(`demand.${value}`), hint: t(`demand.${value}Hint`) })),
        ...(demand.siblings?.changeable ? SIBLING_ANSWERS.map((value) => ({ value, label: `${siblings('office.title')}: ${siblings(`answer.${value}`)}` })) : []),
      ]}
      send={(answer, told) => (answer === 'still_needed' || answer === 'withdrawn'
        ? api.post(`/office/demands/${demand.id}/answer`, { says: answer, told }, { version: demand.version })
        : api.put(`/office/demands/${demand.id}/siblings`, { answer, told }, { version: demand.version }))}
    />
  )
}

/** A family without an account says whether it wants the follow-up care that was proposed. */
export function FollowupTold({ proposal, ...closing }: Closing & { proposal: FollowupDemand }): JSX.Element {
  const { t } = useTranslation('told')
  const api = useApi()
  const words = useWords()
  const [claim, setClaim] = useState(false)
  return (
    <ToldDialog
      {...closing}
      child={words.childLabel(proposal.child)}
      answers={(['yes', 'no'] as const).map((value) => ({ value, label: t(`followup.${value}`), hint: t(`followup.${value}Hint`) }))}
      more={(answer) => answer === 'yes' && <Checkbox label={t('claim')} checked={claim} onChange={setClaim} />}
      send={(answer, told) => api.post(`/office/followup-demands/${proposal.id}/answer`, { wants: answer === 'yes', legal_claim: answer === 'yes' && claim, told })}
    />
  )
}

/** A family without an account says whether it goes round in a swap that was proposed. */
export function SwapTold({ part, until, ...closing }: Closing & { part: OfficeSwapPart; until: string }): JSX.Element {
  const { t } = useTranslation('told')
  const api = useApi()
  const words = useWords()
  return (
    <ToldDialog
      {...closing}
      child={words.childLabel(part.child)}
      last={{ on: until, letterUntil: part.letter_until }}
      answers={(['yes', 'no'] as const).map((value) => ({ value, label: t(`swap.${value}`, { facility: part.to_facility }), hint: t(`swap.${value}Hint`) }))}
      send={(answer, told) => api.post(`/office/swaps/${part.id}/answer`, { accept: answer === 'yes', told })}
    />
  )
}
