import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Absence, Absences, AbsenceReason } from '../../api/absence-types'
import type { Items, MyFacility } from '../../api/types'
import { useTo } from '../../app/tenant'
import { EMPTY_DATE, toIso, toParts, today } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Badge, Button, ButtonLink, DateField, Dialog, ErrorState, ErrorSummary, Page, ProblemView, RadioGroup, Section, Skeleton, useFieldErrors } from '../../ui'
import { FacilityPicker, namedSummary, useFormat, useUndo, type Picked } from '../../staff'

const REASONS = ['illness', 'holiday', 'training', 'other'] as const satisfies AbsenceReason[]

function NewAbsence({ path, onDone }: { path: string; onDone: (next: Absences) => void }): JSX.Element {
  const { t } = useTranslation('places')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [from, setFrom] = useState(toParts(today()))
  const [until, setUntil] = useState(EMPTY_DATE)
  const [reason, setReason] = useState<AbsenceReason>('illness')
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post<Absences>(path, { from_on: toIso(from), to_on: toIso(until), reason }, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!toIso(from)) own['from_on'] = common('form.wrongDate')
  if (!toIso(until)) own['to_on'] = common('form.wrongDate')
  const errors: Record<string, string> = { ...fieldErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { renew(); setTried(false); setFrom(toParts(today())); setUntil(EMPTY_DATE); onDone(answer.value) }
  }
  return (
    <form className="kp-form kp-page--text" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { from_on: t('absence.from'), to_on: t('absence.to') })} problem={send.error} />
      <div className="kp-form__pair">
        <DateField id="from_on" label={t('absence.from')} value={from} onChange={(next) => { renew(); setFrom(next) }} error={errors['from_on'] ?? null} />
        <DateField id="to_on" label={t('absence.to')} value={until} onChange={(next) => { renew(); setUntil(next) }} error={errors['to_on'] ?? null} />
      </div>
      <RadioGroup id="reason" label={t('absence.reason')} hint={t('absence.reasonHint')} value={reason} onChange={(next) => { renew(); setReason(next) }} options={REASONS.map((value) => ({ value, label: t(`absence.reasons.${value}`) }))} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('absence.save')}</Button></div>
    </form>
  )
}

type Child = Absence['children'][number]

function PickDialog({ absence, child, onClose, onDone }: { absence: Absence; child: Child; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('places')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const [picked, setPicked] = useState<Picked | null>(null)
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post(`/staff/absences/${absence.id}/substitute`, { contract_id: child.contract_id, substitute_id: picked?.id ?? null }))
  const errors: Record<string, string> = tried && !picked ? { substitute_id: t('absence.needSubstitute') } : {}
  const submit = async () => {
    setTried(true)
    if (!picked) return
    const answer = await send.run()
    if (answer?.ok) onDone()
  }
  const name = child.child_label === null ? t('absence.hidden') : words.childLabel(child.child_label)
  return (
    <Dialog open title={t('absence.pickFor', { child: name })} onClose={onClose} footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('absence.arrange')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <div className="kp-stack">
        <ErrorSummary errors={namedSummary(errors, { substitute_id: t('absence.substitute') })} problem={send.error} />
        <p className="kern-body">{t('absence.pickLead')}</p>
        <FacilityPicker id="substitute_id" label={t('absence.substitute')} value={picked} onChange={(next) => { setPicked(next); send.clear() }} error={errors['substitute_id']} />
      </div>
    </Dialog>
  )
}

function AbsenceCard({ absence, onChanged }: { absence: Absence; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('places')
  const { t: common } = useTranslation()
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const [picking, setPicking] = useState<Child | null>(null)
  const [cancelling, setCancelling] = useState(false)
  const drop = useSend((child: Child) => api.post(`/staff/absences/${absence.id}/substitute`, { contract_id: child.contract_id, substitute_id: null }))
  const cancel = useSend(() => api.post(`/staff/absences/${absence.id}/cancel`, {}))
  const span = t('absence.span', { from: format.date(absence.from_on), to: format.date(absence.to_on) })
  const name = (child: Child) => (child.child_label === null ? t('absence.hidden') : words.childLabel(child.child_label))
  const onDrop = async (child: Child) => { if ((await drop.run(child))?.ok) onChanged(t('absence.dropped')) }
  const onCancel = async () => { if ((await cancel.run())?.ok) { setCancelling(false); onChanged(t('absence.cancelled')) } }
  return (
    <Section title={span}>
      <p className="kern-body">{t('absence.because', { reason: t(`absence.reasons.${absence.reason}`) })}</p>
      {absence.uncovered > 0 && <Alert tone="warning" title={t('absence.uncovered', { count: absence.uncovered })}>{t('absence.uncoveredText')}</Alert>}
      <ProblemView problem={drop.error} />
      {absence.children.length === 0 && <p className="kern-body">{t('absence.nobody')}</p>}
      {absence.children.length > 0 && (
        <table className="kp-dense">
          <caption className="kern-sr-only">{span}</caption>
          <thead><tr><th scope="col">{t('absence.child')}</th><th scope="col">{t('absence.substitute')}</th><th scope="col">{t('absence.act')}</th></tr></thead>
          <tbody>
            {absence.children.map((child) => (
              <tr key={child.contract_id}>
                <th scope="row" data-label={t('absence.child')}>{name(child)}</th>
                <td data-label={t('absence.substitute')}>{child.substitute ? child.substitute.name : <Badge tone="warning" icon="warning">{t('absence.none')}</Badge>}</td>
                <td data-label={t('absence.act')}>
                  <span className="kp-dense__acts">
                    <Button small kind="secondary" onClick={() => setPicking(child)} aria-label={t('absence.pickFor', { child: name(child) })}>{child.substitute ? t('absence.other') : t('absence.pick')}</Button>
                    {child.substitute && <Button small kind="tertiary" busy={drop.busy} onClick={() => void onDrop(child)} aria-label={t('absence.dropFor', { child: name(child) })}>{t('absence.drop')}</Button>}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="kp-actions"><Button small kind="tertiary" onClick={() => setCancelling(true)} aria-label={t('absence.cancelFor', { span })}>{t('absence.cancel')}</Button></div>
      {picking && <PickDialog absence={absence} child={picking} onClose={() => setPicking(null)} onDone={() => { setPicking(null); onChanged(t('absence.arranged')) }} />}
      {cancelling && (
        <Dialog open title={t('absence.cancelFor', { span })} onClose={() => setCancelling(false)} footer={<><Button busy={cancel.busy} onClick={() => void onCancel()}>{t('absence.cancel')}</Button><Button kind="secondary" onClick={() => setCancelling(false)}>{common('action.cancel')}</Button></>}>
          <ProblemView problem={cancel.error} />
          <p className="kern-body">{t('absence.cancelText')}</p>
        </Dialog>
      )}
    </Section>
  )
}

/** Children of other childminders who come to a facility from today on; nothing where nobody comes. */
export function Guests({ facility }: { facility: string }): JSX.Element | null {
  const { t } = useTranslation('places')
  const api = useApi()
  const words = useWords()
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<Absences>(`/staff/facilities/${facility}/absences`)
  const back = useSend((guest: Absences['guests'][number]) => api.post(`/staff/absences/${guest.absence_id}/substitute`, { contract_id: guest.contract_id, substitute_id: null }))
  const guests = query.data?.guests ?? []
  if (guests.length === 0) return bar
  const name = (label: string | null) => (label === null ? t('absence.hidden') : words.childLabel(label))
  const onBack = async (guest: Absences['guests'][number]) => {
    if ((await back.run(guest))?.ok) { offer(t('absence.gaveBack')); await refresh('/staff') }
  }
  return (
    <Section title={t('absence.guests')}>
      <p className="kern-body">{t('absence.guestsText')}</p>
      <ProblemView problem={back.error} />
      <table className="kp-dense">
        <caption className="kern-sr-only">{t('absence.guests')}</caption>
        <thead><tr><th scope="col">{t('absence.child')}</th><th scope="col">{t('absence.days')}</th><th scope="col">{t('absence.insteadOf')}</th><th scope="col">{t('absence.act')}</th></tr></thead>
        <tbody>
          {guests.map((guest) => (
            <tr key={`${guest.absence_id}${guest.contract_id}`}>
              <th scope="row" data-label={t('absence.child')}>{name(guest.child_label)}</th>
              <td data-label={t('absence.days')}>{t('absence.span', { from: format.date(guest.from_on), to: format.date(guest.to_on) })}</td>
              <td data-label={t('absence.insteadOf')}>{guest.facility_name}</td>
              <td data-label={t('absence.act')}><Button small kind="tertiary" busy={back.busy} onClick={() => void onBack(guest)} aria-label={t('absence.giveBackFor', { child: name(guest.child_label) })}>{t('absence.giveBack')}</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {bar}
    </Section>
  )
}

/** A childminder is away: when, and who looks after each child meanwhile. */
export function AbsencesPage({ area = 'arbeit' }: { area?: 'arbeit' | 'amt' }): JSX.Element {
  const { t } = useTranslation('places')
  const { facility = '' } = useParams()
  const to = useTo()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const path = `/staff/facilities/${facility}/absences`
  const query = useGet<Absences>(path)
  const own = useGet<Items<MyFacility>>('/staff/facilities')
  const name = own.data?.items.find((entry) => entry.id === facility)?.name
  const onChanged = (message: string) => { offer(message); void refresh('/staff') }
  return (
    <Page title={name ? t('absence.titleOf', { facility: name }) : t('absence.title')} lead={t('absence.lead')} width="full" back={area === 'amt' ? { to: to('/amt/vertretungen'), label: t('absence.officeTitle') } : { to: to(`/arbeit/kapazitaet/${facility}`), label: t('absence.back') }}>
      {query.isPending && <Skeleton blocks={2} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          {query.data.absences.map((absence) => <AbsenceCard key={absence.id} absence={absence} onChanged={onChanged} />)}
          {query.data.childminder
            ? (
              <Section title={t('absence.new')}>
                <p className="kern-body">{t('absence.newText')}</p>
                {area === 'arbeit' && <div className="kp-actions"><ButtonLink small kind="tertiary" to={to(`/arbeit/kapazitaet/${facility}/grundlagen`)}>{t('absence.toStanding')}</ButtonLink></div>}
                <NewAbsence path={path} onDone={() => onChanged(t('absence.recorded'))} />
              </Section>
            )
            : <p className="kern-body">{t('absence.notChildminder')}</p>}
          <Guests facility={facility} />
        </>
      )}
      {bar}
    </Page>
  )
}
