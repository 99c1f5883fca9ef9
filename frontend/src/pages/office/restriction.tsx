import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { CustodyList, RestrictionGround } from '../../api/privacy-types'
import { hasRole, useSession } from '../../app/session'
import { Badge, Button, ProblemView, Section, Select } from '../../ui'

const GROUNDS: RestrictionGround[] = ['accuracy', 'unlawful', 'legal_claim', 'objection']

/** Restricts the data of a child or lifts that, for administrators. */
export function RestrictionSection({ child, list, onChanged }: { child: string; list: CustodyList; onChanged: (message: string) => void }): JSX.Element | null {
  const { t } = useTranslation('privacy')
  const api = useApi()
  const { session } = useSession()
  const [ground, setGround] = useState<RestrictionGround | ''>('')
  const [tried, setTried] = useState(false)
  const send = useSend((wanted: RestrictionGround | null) => api.put(`/office/children/${child}/restriction`, { ground: wanted }, { version: list.child_version }))
  const run = async (wanted: RestrictionGround | null) => { if ((await send.run(wanted))?.ok) onChanged(t(wanted ? 'restriction.done' : 'restriction.lifted')) }
  const restrict = () => { setTried(true); if (ground) void run(ground) }
  if (!hasRole(session, ['tenant_admin'])) return null
  return (
    <Section title={t('restriction.title')}>
      <p className="kp-small kp-muted">{t('restriction.text')}</p>
      <ProblemView problem={send.error} />
      {list.restricted
        ? (
          <>
            <p className="kern-body"><Badge tone="warning" icon="lock">{t('restriction.is', { ground: t(`restriction.grounds.${list.restricted}`) })}</Badge></p>
            <div className="kp-actions"><Button small kind="secondary" busy={send.busy} onClick={() => void run(null)}>{t('restriction.lift')}</Button></div>
          </>
        )
        : (
          <>
            <Select id="restriction-ground" label={t('restriction.ground')} empty={t('restriction.choose')} value={ground} onChange={setGround} error={tried && !ground ? t('restriction.need') : undefined} options={GROUNDS.map((value) => ({ value, label: t(`restriction.grounds.${value}`) }))} />
            <div className="kp-actions"><Button small kind="secondary" busy={send.busy} onClick={restrict}>{t('restriction.set')}</Button></div>
          </>
        )}
    </Section>
  )
}
