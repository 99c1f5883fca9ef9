import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useList, useRefresh, useSend } from '../../api/hooks'
import type { Items, MyFacility, Offer, OfferState } from '../../api/types'
import { lastDay } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { OfferTold } from '../told'
import { CasePanel } from './case'
import { Badge, Button, Dialog, ErrorSummary, Page, TextArea, type IconName, type Tone } from '../../ui'
import { DataTable, Due, FilterBar, namesOf, useAddress, useFormat, useSorting, useUndo, WithPanel, type Col, type Filter } from '../../staff'

const LOOK: Record<OfferState, { tone: Tone | 'neutral'; icon: IconName }> = {
  drafted: { tone: 'neutral', icon: 'edit' },
  sent: { tone: 'info', icon: 'mail' },
  viewed: { tone: 'info', icon: 'check' },
  accepted: { tone: 'success', icon: 'check-circle' },
  declined: { tone: 'neutral', icon: 'x-circle' },
  expired: { tone: 'warning', icon: 'clock' },
  revoked: { tone: 'neutral', icon: 'back' },
}
const STATES: OfferState[] = ['sent', 'viewed', 'accepted', 'declined', 'expired', 'revoked']
const OPEN: OfferState[] = ['sent', 'viewed']
const isOpen = (offer: Offer): boolean => OPEN.includes(offer.state)

function RevokeDialog({ offer, onClose, onDone }: { offer: Offer; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('work')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const error = tried && !reason.trim() ? t('offers.needReason') : null
  const send = useSend(() => api.post<Offer>(`/staff/offers/${offer.id}/revoke`, { reason: reason.trim() }, { version: offer.version }))
  const submit = async () => {
    setTried(true)
    if (!reason.trim()) return
    const answer = await send.run()
    if (answer?.ok) onDone()
  }
  return (
    <Dialog
      open
      title={t('offers.revokeTitle', { child: words.childLabel(offer.child.label) })}
      onClose={onClose}
      footer={<><Button danger busy={send.busy} onClick={() => void submit()}>{t('offers.revoke')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={error ? [{ id: 'revoke-reason', message: error }] : []} problem={send.error} />
      <p className="kern-body">{t('offers.revokeText')}</p>
      <TextArea id="revoke-reason" label={t('offers.reason')} hint={t('offers.reasonHint')} rows={3} maxLength={500} value={reason} onChange={setReason} error={error} />
    </Dialog>
  )
}

function useColumns(onRevoke: (offer: Offer) => void, onTold: (offer: Offer) => void): Col<Offer>[] {
  const { t } = useTranslation('work')
  const { t: told } = useTranslation('told')
  const words = useWords()
  const format = useFormat()
  const reason = (row: Offer): string | null => (row.decline_reason ? words.declineReason(row.decline_reason) : row.revoke_reason)
  return [
    { id: 'child', sort: 'child', header: t('col.child'), fixed: true, cell: (row) => <span className="kp-nowrap">{words.childLabel(row.child.label)}</span>, text: (row) => words.childLabel(row.child.label) },
    { id: 'facility', sort: 'facility', header: t('col.facility'), text: (row) => row.facility_name, cell: (row) => row.facility_name },
    { id: 'state', sort: 'state', header: t('col.state'), text: (row) => [words.offerState(row.state), reason(row)].filter(Boolean).join(': '), cell: (row) => (
      <>
        <Badge {...LOOK[row.state]}>{words.offerState(row.state)}</Badge>
        {reason(row) && <span className="kp-under">{reason(row)}</span>}
      </>
    ) },
    { id: 'deadline', sort: 'deadline', header: t('offers.deadline'), text: (row) => row.deadline_on, cell: (row) => (
      <span>
        {isOpen(row) ? <Due on={row.deadline_on} /> : <span className="kp-num">{format.date(row.deadline_on)}</span>}
        {row.letter_until && <span className="kp-under">{t('offers.letterUntil', { date: format.date(row.letter_until) })}</span>}
      </span>
    ) },
    { id: 'from', sort: 'start', header: t('offers.from'), text: (row) => row.care_from, cell: (row) => <span className="kp-num">{format.date(row.care_from)}{row.care_until && ` – ${format.date(lastDay(row.care_until))}`}</span> },
    { id: 'hours', sort: 'hours', header: t('col.hours'), text: (row) => row.hours_per_week, cell: (row) => <span>{t('hours', { count: row.hours_per_week })}<span className="kp-under">{format.times(row)}</span></span> },
    { id: 'sent', sort: 'sent', header: t('offers.sent'), text: (row) => row.sent_at.slice(0, 10), cell: (row) => <span className="kp-num">{format.date(row.sent_at)}</span> },
    { id: 'viewed', sort: 'viewed', header: t('offers.viewed'), hidden: true, text: (row) => row.viewed_at?.slice(0, 10) ?? '', cell: (row) => (row.viewed_at ? format.date(row.viewed_at) : '–') },
    {
      id: 'act', header: t('queue.act'), fixed: true,
      cell: (row) => isOpen(row) && (
        <div className="kp-dense__acts kp-dense__acts--below">
          {!row.has_account && <Button small kind="tertiary" onClick={() => onTold(row)} aria-label={told('actFor', { child: words.childLabel(row.child.label) })}>{told('act')}</Button>}
          <Button small kind="tertiary" danger onClick={() => onRevoke(row)} aria-label={t('offers.revokeFor', { child: words.childLabel(row.child.label) })}>{t('offers.revoke')}</Button>
        </div>
      ),
    },
  ]
}

export function OffersPage(): JSX.Element {
  const { t } = useTranslation('work')
  const words = useWords()
  const { values, set } = useAddress()
  const refresh = useRefresh()
  const { offer: say, bar } = useUndo()
  const [revoking, setRevoking] = useState<Offer | null>(null)
  const [told, setTold] = useState<Offer | null>(null)
  const facilities = useGet<Items<MyFacility>>('/staff/facilities')
  const mine = facilities.data?.items ?? []
  const filters: Filter[] = [
    ...(mine.length > 1 ? [{ name: 'facility_id', label: t('col.facility'), kind: 'one' as const, options: mine.map((entry) => ({ value: entry.id, label: entry.name })) }] : []),
    { name: 'state', label: t('col.state'), kind: 'one', options: STATES.map((value) => ({ value, label: words.offerState(value) })) },
  ]
  const all = values['view'] === 'all' || Boolean(values['state'])
  // What waits for an answer stands by its deadline.
  const sorting = useSorting(all ? { by: 'sent', direction: 'desc' } : { by: 'deadline', direction: 'asc' })
  const state = all ? values['state'] : OPEN.join()
  const list = useList<Offer>('/staff/offers', { facility_id: values['facility_id'], q: values['q'], state, sort: sorting.sort.by, direction: sorting.sort.direction })
  const columns = useColumns(setRevoking, setTold).filter((column) => column.id !== 'facility' || mine.length > 1)
  // Beside the list stands the wish that the offer answers.
  const openId = values['fall'] ?? null
  const opened = list.items.find((row) => row.preference_id === openId)
  const close = () => set({ fall: null })
  return (
    <Page title={t('offers.title')} width="full">
      <ul className="kp-tabs" aria-label={t('offers.views')}>
        {(['open', 'all'] as const).map((name) => (
          <li key={name}><button type="button" className="kp-tab" aria-pressed={all === (name === 'all')} onClick={() => set({ view: name === 'all' ? 'all' : null, ...(name === 'open' ? { state: null } : {}) })}>{t(`offers.view.${name}`)}</button></li>
        ))}
      </ul>
      <FilterBar name="offers" filters={filters} search={t('offers.search')} />
      <WithPanel panel={openId && <CasePanel key={openId} id={openId} onClose={close} onChanged={(message, undo) => { say(message, undo); void refresh('/staff') }} />}>
        <DataTable
          name="angebote" caption={t('offers.title')} columns={columns} list={list} sorting={sorting} rowKey={(row) => row.id}
          rowTitle={(row) => words.childLabel(row.child.label)} openId={opened?.id ?? null} onOpen={(row) => set({ fall: row.preference_id })} onClose={close}
          filteredBy={namesOf(filters)} empty={{ title: t(all ? 'offers.empty' : 'offers.emptyOpen'), text: t(all ? 'offers.emptyText' : 'offers.emptyOpenText') }}
        />
      </WithPanel>
      {told && <OfferTold offer={told} onClose={() => setTold(null)} onDone={(message) => { say(message); setTold(null); void refresh('/staff') }} />}
      {revoking && (
        <RevokeDialog
          offer={revoking}
          onClose={() => setRevoking(null)}
          onDone={() => { say(t('offers.revoked', { child: words.childLabel(revoking.child.label) })); setRevoking(null); void refresh('/staff') }}
        />
      )}
      {bar}
    </Page>
  )
}
