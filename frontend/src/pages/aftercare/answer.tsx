import { useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { FollowupAnswered, FollowupProposal } from '../../api/aftercare-types'
import { useTo } from '../../app/tenant'
import { formatDate } from '../../lib/dates'
import { Actions, Alert, Button, Checkbox, Facts, Link, Page, ProblemView, Section, Skeleton } from '../../ui'

function Done({ done }: { done: FollowupAnswered }): JSX.Element {
  const { t } = useTranslation('aftercare')
  const to = useTo()
  if (!done.confirmed) return <Alert tone="info" live title={t('declined')}><p className="kern-body">{t('declinedText')}</p></Alert>
  if (done.sent) return <Alert tone="success" live title={t('sent')}><p className="kern-body">{t('sentText')}</p></Alert>
  return (
    <Alert tone="warning" live title={t('incomplete')}>
      <p className="kern-body">{t('incompleteText')}</p>
      {done.demand_id && <p className="kern-body"><Link to={to(`/bedarf/${done.demand_id}`)}>{t('complete')}</Link></p>}
    </Alert>
  )
}

/** The link of a mail: what is proposed, and a yes or a no. Opening it answers nothing. */
export default function FollowupAnswerPage(): JSX.Element {
  const { t, i18n } = useTranslation('aftercare')
  const api = useApi()
  const to = useTo()
  const token = useLocation().hash.slice(1)
  const [claim, setClaim] = useState(false)
  const see = useSend(() => api.post<FollowupProposal>('/followup-demands/seen', { token }))
  const answer = useSend((wants: boolean) => api.post<FollowupAnswered>('/followup-demands/answer', { token, wants, legal_claim: wants && claim }))
  const asked = useRef(false)
  const { run } = see
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    void run()
  }, [run])
  const shown = see.result
  const day = (iso: string) => formatDate(iso, i18n.language)
  return (
    <Page title={t('title')}>
      {!shown && !see.error && <Skeleton lines={4} />}
      {see.error?.status === 410 && <Alert tone="warning" live title={t('gone')}><p className="kern-body">{t('goneText')}</p></Alert>}
      {see.error && see.error.status !== 410 && <ProblemView problem={see.error} />}
      {answer.result && <Done done={answer.result} />}
      {shown && shown.state !== 'proposed' && !answer.result && <Alert tone="info" title={t(`was.${shown.state}`)} />}
      {shown && shown.state === 'proposed' && !answer.result && (
        <>
          <p className="kern-body kern-body--large">{t(`lead.${shown.care_type}`, { facility: shown.facility_name, date: day(shown.needed_from) })}</p>
          <Section title={t('prepared')}>
            <Facts items={[
              { id: 'care', term: t('care'), value: t(`kind.${shown.care_type}`) },
              { id: 'from', term: t('from'), value: day(shown.needed_from) },
              { id: 'hours', term: t('hours'), value: String(shown.hours_per_week) },
              { id: 'wishes', term: t('wishes'), value: shown.facilities.join('\n') || '–' },
            ]} />
            <p className="kern-body">{t('later')}</p>
          </Section>
          <Checkbox label={t('claim')} hint={t('claimHint')} checked={claim} onChange={setClaim} />
          <ProblemView problem={answer.error} />
          <Actions>
            <Button icon="check" busy={answer.busy} onClick={() => void answer.run(true)}>{t('yes')}</Button>
            <Button kind="secondary" busy={answer.busy} onClick={() => void answer.run(false)}>{t('no')}</Button>
          </Actions>
        </>
      )}
      <p className="kern-body"><Link to={to('/familie')}>{t('account')}</Link></p>
    </Page>
  )
}
