import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useRefresh, useSend } from '../../api/hooks'
import type { Demand } from '../../api/types'
import { formatDate, isEmptyDate, toIso, toParts } from '../../lib/dates'
import { Actions, Alert, Button, ButtonLink, DateField, ErrorSummary, Page, summaryOf, useFieldErrors } from '../../ui'
import { useDemand } from './frame'

/** Until when the municipality owes a place once the start moves; the server reckons alike. */
export function dueAfterMove(demand: Pick<Demand, 'legal_due_on' | 'desired_start' | 'notice_ends_on'>, start: string): string | null {
  const { legal_due_on: due, desired_start: was, notice_ends_on: ends } = demand
  if (!due || !was) return null
  if (start >= was) return due > start ? due : start
  const earliest = ends > start ? ends : start
  return earliest < due ? earliest : due
}

/** A sent demand gets another wished start: what stays and what changes is said before. */
export function MoveStartPage(): JSX.Element {
  const { t, i18n } = useTranslation('moveStart')
  const { t: common } = useTranslation()
  const { demand, base } = useDemand()
  const api = useApi()
  const refresh = useRefresh()
  const navigate = useNavigate()
  const translate = useFieldErrors()
  const [start, setStart] = useState(() => toParts(demand.desired_start))
  const [latest, setLatest] = useState(() => toParts(demand.latest_start))
  const [tried, setTried] = useState(false)
  const [from, until] = [toIso(start), toIso(latest)]
  const send = useSend(() => api.patch<Demand>(`/demands/${demand.id}`, { desired_start: from, ...(until === demand.latest_start ? {} : { latest_start: until }) }, { version: demand.version }))
  const own: Record<string, string> = {}
  if (isEmptyDate(start)) own['desired_start'] = t('missing')
  else if (!from) own['desired_start'] = common('form.wrongDate')
  else if (from === demand.desired_start) own['desired_start'] = t('same')
  if (!isEmptyDate(latest) && !until) own['latest_start'] = common('form.wrongDate')
  else if (from && until && until < from) own['latest_start'] = t('latestBefore')
  const errors: Record<string, string | undefined> = { ...translate(send.error), ...(tried ? own : {}) }
  const date = (iso: string | null) => formatDate(iso, i18n.language)
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { await refresh('/demands'); void navigate(base) }
  }
  if (!demand.start_editable) return <Page title={t('title')} back={{ to: base, label: t('back') }}><p className="kern-body">{t('closed')}</p></Page>
  const due = from && from !== demand.desired_start ? dueAfterMove(demand, from) : null
  const anew = due !== null && from !== null && demand.desired_start !== null && from < demand.desired_start && due > from
  return (
    <Page title={t('title')} back={{ to: base, label: t('back') }}>
      <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        <ErrorSummary errors={summaryOf(errors)} problem={send.error} />
        <p className="kern-body">{t('now', { date: date(demand.desired_start) })}</p>
        <DateField id="desired_start" label={t('new')} value={start} onChange={setStart} error={errors['desired_start']} />
        <DateField id="latest_start" label={t('latest')} optional value={latest} onChange={setLatest} error={errors['latest_start']} />
        <Alert tone="info" live title={t('changes')}>
          <p className="kern-body">{t('keeps', { date: date(demand.submitted_at) })}</p>
          <p className="kern-body">{t('agesAgain')}</p>
          {due && <p className="kern-body"><strong>{t(due === demand.legal_due_on ? 'claimSame' : anew ? 'claimAnew' : 'claimNow', { date: date(due) })}</strong></p>}
        </Alert>
        <Actions>
          <Button type="submit" busy={send.busy}>{t('save')}</Button>
          <ButtonLink kind="tertiary" to={base}>{common('action.cancel')}</ButtonLink>
        </Actions>
      </form>
    </Page>
  )
}
