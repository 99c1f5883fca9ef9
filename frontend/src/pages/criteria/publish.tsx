import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { CriteriaSetDetail } from '../../api/types'
import { toIso, toParts } from '../../lib/dates'
import { Alert, Button, DateField, Dialog, ProblemView, TextArea, useFieldErrors } from '../../ui'

type Props = { set: CriteriaSetDetail; open: boolean; onClose: () => void; onDone: (message: string) => void }

/** Publishing: the day, and for every warning of a court the reason why the criterion stays. */
export function PublishDialog({ set, open, onClose, onDone }: Props): JSX.Element {
  const { t } = useTranslation('criteria')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [day, setDay] = useState(() => toParts(set.valid_from))
  const [reasons, setReasons] = useState<Record<string, string>>({})
  const [tried, setTried] = useState(false)
  const codes = [...new Set(set.warnings.map((warning) => warning.code))]
  const publish = useSend(async (valid_from: string) => {
    const acknowledged = codes.map((code) => ({ code, reason: (reasons[code] ?? '').trim() }))
    await api.post(`/admin/criteria-sets/${set.id}/publish`, { valid_from, acknowledged }, { version: set.version })
    onDone(t('publish.done'))
  })
  const iso = toIso(day)
  const short = (code: string) => (reasons[code] ?? '').trim().length < 10
  const errors = fieldErrors(publish.error)
  const submit = () => {
    setTried(true)
    if (iso && !codes.some(short)) void publish.run(iso)
  }
  return (
    <Dialog
      open={open}
      title={t('publish.title', { number: set.number })}
      onClose={onClose}
      footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={publish.busy} onClick={submit}>{t('publish.submit')}</Button></>}
    >
      <div className="kp-stack">
        <p className="kern-body">{t('publish.text')}</p>
        <DateField id="valid_from" label={t('publish.from')} value={day} onChange={setDay} error={tried && !iso ? t('publish.needDate') : errors['valid_from']} />
        {codes.map((code) => {
          const found = set.warnings.filter((warning) => warning.code === code)
          return (
            <div className="kp-stack kp-stack--small" key={code}>
              <Alert tone="warning" title={found.map((warning) => warning.title).join(', ')}>
                <p className="kern-body">{found[0]?.why}</p>
                <p className="kern-body kern-body--small">{t('warning.source', { source: found[0]?.source })}</p>
              </Alert>
              <TextArea id={`reason-${code}`} label={t('publish.reason')} hint={t('publish.reasonHint')} rows={2} maxLength={500} value={reasons[code] ?? ''} onChange={(text) => setReasons({ ...reasons, [code]: text })} error={tried && short(code) ? t('publish.needReason') : null} />
            </div>
          )
        })}
        {publish.error && !errors['valid_from'] && <ProblemView problem={publish.error} />}
      </div>
    </Dialog>
  )
}
