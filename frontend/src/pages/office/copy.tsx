import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { Actions, Button, ErrorSummary, Page, Select } from '../../ui'
import { namedSummary } from '../../staff'
import { ReadableCopy, type PersonalCopy } from '../family/readable-copy'

const WAYS = ['identity_card', 'passport', 'residence_permit', 'known_in_person'] as const
type Way = (typeof WAYS)[number]

/** A copy for a guardian without an account: how the person was identified comes first and stays on record. */
export function OfficeCopyPage(): JSX.Element {
  const { t } = useTranslation('copy')
  const { t: office } = useTranslation('office')
  const { guardian = '' } = useParams()
  const to = useTo()
  const api = useApi()
  const [way, setWay] = useState<Way | ''>('')
  const [tried, setTried] = useState(false)
  const send = useSend((identified_by: Way) => api.post<PersonalCopy>(`/office/guardians/${guardian}/copy`, { identified_by }))
  const errors: Record<string, string> = tried && !way ? { identified_by: t('office.needWay') } : {}
  const submit = () => { setTried(true); if (way) void send.run(way) }
  return (
    <Page title={t('office.title')} lead={send.result ? undefined : t('office.lead')} back={{ to: to('/amt/bedarfe'), label: office('demands.title') }}>
      {send.result ? <ReadableCopy copy={send.result} /> : (
        <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
          <ErrorSummary errors={namedSummary(errors, { identified_by: t('office.way') })} problem={send.error} />
          <Select id="identified_by" label={t('office.way')} hint={t('office.wayHint')} value={way} empty={t('office.choose')} onChange={setWay} options={WAYS.map((value) => ({ value, label: t(`office.ways.${value}`) }))} error={errors['identified_by']} />
          <Actions><Button type="submit" busy={send.busy}>{t('office.show')}</Button></Actions>
        </form>
      )}
    </Page>
  )
}
