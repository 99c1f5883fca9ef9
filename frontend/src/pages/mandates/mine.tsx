import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { Mandate } from '../../api/mandate-types'
import type { Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { Actions, Button, EmptyState, ErrorState, Page, ProblemView, Skeleton } from '../../ui'
import { MandateCard } from './parts'

/** The mandates that were given to the signed-in person: take on, act, give back. */
export default function MyMandatesPage(): JSX.Element {
  const { t } = useTranslation('mandates')
  const to = useTo()
  const api = useApi()
  const navigate = useNavigate()
  const client = useQueryClient()
  const refresh = useRefresh()
  const list = useGet<Items<Mandate>>('/mandates')
  const send = useSend(async (what: 'accept' | 'act' | 'back', mandate: Mandate) => {
    if (what === 'back') await api.delete(`/mandates/${mandate.id}`)
    else await api.post(`/mandates/${mandate.id}/${what}`)
    await refresh('/mandates')
    if (what !== 'act') return
    // From here on the same addresses answer with another family's data.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === api.base && queryKey[1] !== '/session' })
    await refresh('/session')
    void navigate(to('/familie'))
  })
  const items = list.data?.items ?? []
  return (
    <Page title={t('mine.title')} lead={t('mine.lead')}>
      {list.error && <ErrorState problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton blocks={2} lines={4} />}
      <ProblemView problem={send.error} />
      {list.data && items.length === 0 && <EmptyState title={t('mine.none')}>{t('mine.noneText')}</EmptyState>}
      <ul className="kp-cards">
        {items.map((mandate) => (
          <MandateCard seenBy="holder" key={mandate.id} mandate={mandate} title={mandate.family_name} level={2}>
            {(mandate.state === 'active' || mandate.state === 'offered') && (
              <Actions>
                {mandate.state === 'offered'
                  ? <Button busy={send.busy} onClick={() => void send.run('accept', mandate)}>{t('mine.accept')}</Button>
                  : <Button busy={send.busy} onClick={() => void send.run('act', mandate)}>{t(mandate.may_act ? 'mine.act' : 'mine.look')}</Button>}
                <Button kind="tertiary" busy={send.busy} onClick={() => void send.run('back', mandate)}>{t(mandate.state === 'offered' ? 'mine.decline' : 'mine.giveBack')}</Button>
              </Actions>
            )}
          </MandateCard>
        ))}
      </ul>
    </Page>
  )
}
