import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Setup, SetupLack, SetupStep } from '../../api/setup-types'
import { useTo } from '../../app/tenant'
import { Actions, Badge, Button, ButtonLink, Card, ErrorState, Page, ProblemView, Skeleton } from '../../ui'
import { useUndo } from '../../staff'
import { HolidayButtons } from './holidays'

/** The page on which a step is done. */
const PAGE: Record<SetupStep, string> = {
  contact: '/verwaltung/auftritt',
  legal: '/verwaltung/rechtliches',
  settings: '/verwaltung/einstellungen',
  closing_days: '/verwaltung/schliesstage',
  facilities: '/verwaltung/import',
  criteria: '/verwaltung/kriterien',
  templates: '/verwaltung/vertragstexte',
  notices: '/amt/bescheid-vorlagen',
  people: '/verwaltung/personal',
  retention: '/verwaltung/loeschfristen',
}
const CONFIRMABLE: readonly SetupStep[] = ['settings', 'notices', 'retention']

function Step({ step, number, onDone }: { step: Setup['steps'][number]; number: number; onDone: (message: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation('setup')
  const to = useTo()
  const api = useApi()
  const refresh = useRefresh()
  const confirm = useSend(async () => { await api.put('/admin/setup/confirmation', { step: step.step }); await refresh('/admin/setup') })
  const lack = (entry: SetupLack) => (i18n.exists(`setup:lack.${entry.what}`, { count: entry.count ?? 0 }) ? t(`lack.${entry.what as 'legal'}`, { count: entry.count ?? 0 }) : entry.what)
  return (
    <Card as="li" level={2} title={<span className="kp-row kp-row--between"><span>{number}. {t(`step.${step.step}.title`)}</span>{step.done ? <Badge tone="success" icon="check-circle">{t('done')}</Badge> : <Badge tone="warning" icon="half">{t('open')}</Badge>}</span>}>
      <p className="kern-body">{t(`step.${step.step}.text`)}</p>
      {step.lacks.length > 0 && <ul>{step.lacks.map((entry) => <li key={entry.what}>{lack(entry)}</li>)}</ul>}
      <ProblemView problem={confirm.error} />
      {step.step === 'closing_days' && !step.done && <HolidayButtons onClosed={onDone} />}
      <Actions>
        <ButtonLink kind={step.done ? 'tertiary' : 'primary'} to={to(PAGE[step.step])}>{t(`step.${step.step}.link`)}</ButtonLink>
        {step.step === 'facilities' && <ButtonLink kind="tertiary" to={to('/verwaltung/traeger')}>{t('byHand')}</ButtonLink>}
        {CONFIRMABLE.includes(step.step) && !step.done && <Button kind="secondary" busy={confirm.busy} onClick={() => void confirm.run().then((answer) => { if (answer?.ok) onDone(t('confirmed')) })}>{t('confirm')}</Button>}
      </Actions>
    </Card>
  )
}

/** What is still missing before families can come; when nothing is, the office's day begins. */
export function SetupPage(): JSX.Element {
  const { t } = useTranslation('setup')
  const to = useTo()
  const { offer, bar } = useUndo()
  const setup = useGet<Setup>('/admin/setup', undefined, { staleTime: 0 })
  if (setup.error) return <Page title={t('title')}><ErrorState problem={setup.error} onRetry={() => void setup.refetch()} /></Page>
  if (!setup.data) return <Page title={t('title')}><Skeleton blocks={3} lines={3} /></Page>
  if (setup.data.done) return <Navigate replace to={to('/amt')} />
  const open = setup.data.steps.filter((step) => !step.done).length
  return (
    <Page title={t('title')} lead={t('lead', { count: open })}>
      <div role="status"><p className="kern-body">{t('progress', { done: setup.data.steps.length - open, all: setup.data.steps.length })}</p></div>
      <ol className="kp-cards kp-plain">{setup.data.steps.map((step, index) => <Step key={step.step} step={step} number={index + 1} onDone={offer} />)}</ol>
      {bar}
    </Page>
  )
}
