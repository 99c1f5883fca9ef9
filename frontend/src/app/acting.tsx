import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../api/context'
import { useSend } from '../api/hooks'
import { formatDate } from '../lib/dates'
import { Alert } from '../ui/feedback'
import { Button, Link } from '../ui/button'
import { useSession } from './session'
import { useTo } from './tenant'

/** Until the second factor is required of a member of staff: from when on, and where to set it up. */
export function SecondFactorLine(): JSX.Element | null {
  const { t, i18n } = useTranslation()
  const { session } = useSession()
  const to = useTo()
  const factor = session.second_factor
  if (!factor || factor.enabled || factor.required || !factor.required_from) return null
  return (
    <section className="kp-container kp-acting" aria-label={t('secondFactor.label')}>
      <Alert tone="warning" title={t('secondFactor.from', { date: formatDate(factor.required_from, i18n.language) })}>
        <Link to={to('/konto')}>{t('secondFactor.link')}</Link>
      </Alert>
    </section>
  )
}

/** On every page: in whose name this session acts, and the way back to oneself. */
export function ActingLine(): JSX.Element | null {
  const { t, i18n } = useTranslation()
  const { session, reload } = useSession()
  const api = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const to = useTo()
  const stop = useSend(async () => {
    await api.delete('/mandates/acting')
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === api.base && queryKey[1] !== '' && queryKey[1] !== '/session' })
    reload()
    void navigate(to('/vollmachten'))
  })
  const acting = session.acting
  if (!acting) return null
  const says = acting.holds ? t(acting.may_act ? 'acting.act' : 'acting.look', { name: acting.family_name, date: formatDate(acting.valid_until, i18n.language) }) : t('acting.over', { name: acting.family_name })
  return (
    <section className="kp-container kp-acting" aria-label={t('acting.label')}>
      <Alert tone={acting.holds ? 'info' : 'warning'} title={says}>
        <Button kind="secondary" small busy={stop.busy} onClick={() => void stop.run()}>{t('acting.stop')}</Button>
      </Alert>
    </section>
  )
}
