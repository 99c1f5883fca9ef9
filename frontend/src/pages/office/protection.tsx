import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { AddressPurpose, CustodyTime, ProtectedAddress } from '../../api/privacy-types'
import { useSession } from '../../app/session'
import { Button, ProblemView, Section, Select } from '../../ui'

const PURPOSES: AddressPurpose[] = ['letter', 'register_check', 'authority', 'emergency']

/** A protected address: who works on the case, and, for that person alone, the address with a purpose. */
export function Protection({ row, mayWrite, onChanged }: { row: CustodyTime; mayWrite: boolean; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const api = useApi()
  const { session } = useSession()
  const [purpose, setPurpose] = useState<AddressPurpose | ''>('')
  const [tried, setTried] = useState(false)
  const worker = useSend((account: string | null) => api.put(`/office/households/${row.household_id}/case-worker`, { account_id: account }, { version: row.household_version ?? 0 }))
  const read = useSend((wanted: AddressPurpose) => api.post<ProtectedAddress>(`/office/households/${row.household_id}/address`, { purpose: wanted }))
  const name = async (account: string | null) => { if ((await worker.run(account))?.ok) { read.clear(); onChanged(account ? t('protection.taken') : t('protection.left')) } }
  const open = () => { setTried(true); if (purpose) void read.run(purpose) }
  const address = read.result
  return (
    <Section title={t('protection.title')}>
      <p className="kern-body">{t('protection.text', { name: row.name })}</p>
      <p className="kern-body"><strong>{row.case_worker_name ? t('protection.worker', { name: row.case_worker_name }) : t('protection.nobody')}</strong></p>
      <ProblemView problem={worker.error ?? read.error} />
      {mayWrite && !row.case_worker_name && <div className="kp-actions"><Button small busy={worker.busy} onClick={() => void name(session.account?.id ?? null)}>{t('protection.take')}</Button></div>}
      {mayWrite && row.case_worker_name && !row.case_is_mine && <p className="kp-small kp-muted">{t('protection.otherWorker')}</p>}
      {row.case_is_mine && !address && (
        <>
          <Select id={`purpose-${row.id}`} label={t('protection.purpose')} empty={t('custody.choose')} value={purpose} onChange={setPurpose} error={tried && !purpose ? t('protection.needPurpose') : undefined} options={PURPOSES.map((value) => ({ value, label: t(`protection.purposes.${value}`) }))} />
          <div className="kp-actions">
            <Button small busy={read.busy} onClick={open}>{t('protection.open')}</Button>
            <Button small kind="tertiary" busy={worker.busy} onClick={() => void name(null)}>{t('protection.leave')}</Button>
          </div>
        </>
      )}
      {row.case_is_mine && address && (
        <div role="status">
          <p className="kern-body">{address.street} {address.house_number}<br />{address.postal_code} {address.city}</p>
          <div className="kp-actions"><Button small kind="secondary" onClick={() => { read.clear(); setTried(false); setPurpose('') }}>{t('protection.close')}</Button></div>
        </div>
      )}
    </Section>
  )
}
