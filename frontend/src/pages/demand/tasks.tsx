import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useRefresh, useSend } from '../../api/hooks'
import { useTenant, useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Actions, Alert, Badge, Button, Dialog, Page, ProblemView, SaveState, TaskList, type Task } from '../../ui'
import { PlaceStays } from '../family/place-stays'
import { SaveConflict, useDemand } from './frame'
import { careState, childState, dataState, wishState, type TaskState } from './steps'

function State({ state }: { state: TaskState | 'optional' | 'locked' }): JSX.Element {
  const { t } = useTranslation('demand')
  const look = { done: ['success', 'check-circle'], partly: ['warning', 'edit'], open: ['neutral', 'edit'], optional: ['neutral', 'info'], locked: ['neutral', 'lock'] } as const
  const [tone, icon] = look[state]
  return <Badge tone={tone} icon={icon}>{t(`tasks.state.${state}`)}</Badge>
}

function Discard(): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { demand } = useDemand()
  const [open, setOpen] = useState(false)
  const discard = useSend(async () => {
    await api.delete(`/demands/${demand.id}`, { version: demand.version })
    void navigate(to('/familie'))
    await refresh('/demands', '/family')
  })
  return (
    <>
      <Button kind="tertiary" danger icon="delete" onClick={() => setOpen(true)}>{t('tasks.discard')}</Button>
      <Dialog open={open} title={t('tasks.discardTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.cancel')}</Button><Button danger busy={discard.busy} onClick={() => void discard.run()}>{t('tasks.discard')}</Button></>}>
        <p className="kern-body">{t('tasks.discardText')}</p>
        <ProblemView problem={discard.error} />
      </Dialog>
    </>
  )
}

/** The demand as a list of sections: leave and come back at any time. */
export function TasksPage(): JSX.Element {
  const { t } = useTranslation('demand')
  const { t: transfer } = useTranslation('transfer')
  const words = useWords()
  const to = useTo()
  const tenant = useTenant()
  const { demand, family, base, save } = useDemand()
  const needed = [dataState(family), childState(family, demand), careState(demand), wishState(demand)]
  const ready = needed.every((state) => state === 'done')
  const facts = demand.facts.some((fact) => fact.claimed) || demand.legal_claim
  const tasks: Task[] = [
    { id: 'daten', title: t('step.data'), to: `${to('/familie/daten')}?zurueck=${demand.id}`, status: <State state={dataState(family)} /> },
    { id: 'kind', title: t('step.child'), to: `${base}/kind`, status: <State state={childState(family, demand)} /> },
    { id: 'betreuung', title: t('step.care'), to: `${base}/betreuung`, status: <State state={careState(demand)} /> },
    { id: 'wuensche', title: t('step.wishes'), hint: t('tasks.wishesHint', { count: tenant.max_preferences }), to: `${base}/wuensche`, status: <State state={wishState(demand)} /> },
    { id: 'situation', title: t('step.situation'), hint: t('tasks.situationHint'), to: `${base}/situation`, status: <State state={facts ? 'done' : 'optional'} /> },
    { id: 'pruefen', title: t('step.check'), to: `${base}/pruefen`, disabled: !ready, status: <State state={ready ? 'open' : 'locked'} /> },
  ]
  return (
    <Page title={demand.transfer ? transfer('heading', { child: words.childLabel(demand.child.label) }) : t('tasks.heading', { child: words.childLabel(demand.child.label) })} lead={t('tasks.lead')} back={{ to: to('/familie'), label: t('tasks.family') }}>
      <SaveConflict />
      <PlaceStays demand={demand} />
      {demand.hints.map((hint) => <Alert key={hint.code} tone="info" title={hint.detail} />)}
      <TaskList tasks={tasks} />
      <SaveState saving={save.saving} />
      <Actions><Discard /></Actions>
    </Page>
  )
}
