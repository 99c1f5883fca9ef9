import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Child, Family } from '../../api/types'
import { NotFound } from '../../app/states'
import { useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { Actions, Button, ButtonLink, Dialog, ErrorState, Page, ProblemView, Section, Skeleton } from '../../ui'
import { ChildForm } from './child-form'
import { useChildName } from './child-name'
import { PlaceOfChild } from './transfer'

function RemoveChild({ child }: { child: Child }): JSX.Element {
  const { t } = useTranslation('family')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const [open, setOpen] = useState(false)
  const remove = useSend(async () => {
    await api.delete(`/family/children/${child.id}`, { version: child.version })
    await refresh('/family')
    void navigate(to('/familie'))
  })
  return (
    <Section title={t('child.removeTitle')}>
      <p className="kern-body">{t('child.removeText')}</p>
      <Actions><Button kind="secondary" danger icon="delete" onClick={() => setOpen(true)}>{t('child.remove')}</Button></Actions>
      <Dialog open={open} title={t('child.removeAsk')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.cancel')}</Button><Button danger busy={remove.busy} onClick={() => void remove.run()}>{t('child.remove')}</Button></>}>
        <p className="kern-body">{t('child.removeConsequence')}</p>
        <ProblemView problem={remove.error} />
      </Dialog>
    </Section>
  )
}

export default function ChildPage(): JSX.Element {
  const { t } = useTranslation('family')
  const { t: common } = useTranslation()
  const { t: privacy } = useTranslation('privacy')
  const { t: careSheet } = useTranslation('careSheet')
  const { child: id = '' } = useParams()
  const to = useTo()
  const navigate = useNavigate()
  const { session } = useSession()
  const family = useGet<Family>('/family')
  const nameOf = useChildName()
  const back = { to: to('/familie'), label: t('home.title') }
  if (family.error) return <ErrorState problem={family.error} onRetry={() => void family.refetch()} />
  if (!family.data) return <Page title={t('child.loading')} back={back}><Skeleton lines={5} /></Page>
  if (id === 'neu') {
    return (
      <Page title={t('child.newTitle')} lead={t('child.newLead')} back={back}>
        <ChildForm child={null} submitLabel={t('child.add')} onSaved={() => void navigate(to('/familie'))} />
      </Page>
    )
  }
  const child = family.data.children.find((entry) => entry.id === id)
  if (!child) return <NotFound />
  return (
    <Page title={nameOf(child)} back={back}>
      <ChildForm key={child.id} child={child} submitLabel={common('action.save')} onSaved={() => void navigate(to('/familie'))} />
      <PlaceOfChild child={child} />
      <Actions>
        {child.place && !session.acting && <ButtonLink kind="secondary" icon="edit" to={to(`/familie/kind/${child.id}/betreuungsblatt`)}>{careSheet('link')}</ButtonLink>}
        {!session.acting && <ButtonLink kind="tertiary" icon="search" to={to(`/familie/kind/${child.id}/zugriffe`)}>{privacy('access.link')}</ButtonLink>}
      </Actions>
      {!child.demand_id && !child.place && <RemoveChild child={child} />}
    </Page>
  )
}
