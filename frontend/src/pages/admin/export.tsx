import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useTenant, useTo } from '../../app/tenant'
import { useForm } from '../../lib/form'
import { keep } from '../../lib/keep'
import { Actions, Alert, Button, ErrorSummary, Link, Page, Select, TextField } from '../../ui'

const PURPOSES = ['archive', 'move', 'examination', 'evaluation'] as const
type Purpose = (typeof PURPOSES)[number]

/** Everything that the municipality owns, as one archive: for a purpose, and with the second factor. */
export function ExportAllPage(): JSX.Element {
  const { t } = useTranslation('exports')
  const api = useApi()
  const to = useTo()
  const tenant = useTenant()
  const [purpose, setPurpose] = useState<Purpose>('archive')
  const [done, setDone] = useState(false)
  const form = useForm({ code: '' })
  const code = form.values.code
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setDone(false)
    await form.submit(
      () => ({ ...(code.trim() ? {} : { code: t('needCode') }) }),
      async () => {
        const file = await api.postForFile('/admin/export', { purpose, code: code.trim() })
        keep(file, `${tenant.slug}-export.zip`)
        setDone(true)
      },
    )
  }
  const wrong = form.problem?.errors.some((fault) => fault.pointer === '/code')
  const error = wrong ? t('wrong') : form.errors['code']
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Alert tone="warning" title={t('warning')} />
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={wrong ? [{ id: 'code', message: t('wrong') }] : form.summary} problem={wrong ? null : form.problem} />
        {form.problem?.code === 'export.second_factor_missing' && <p className="kern-body"><Link to={to('/konto')}>{t('toAccount')}</Link></p>}
        <Select id="purpose" label={t('purpose')} value={purpose} onChange={setPurpose} options={PURPOSES.map((value) => ({ value, label: t(`purposes.${value}`) }))} />
        <TextField id="code" label={t('code')} hint={t('codeHint')} value={code} onChange={(value) => form.set('code', value)} error={error} autoComplete="one-time-code" inputMode="numeric" width="md" />
        <Actions><Button type="submit" busy={form.busy}>{t('submit')}</Button></Actions>
      </form>
      <div role="status">{form.busy && <p className="kern-body">{t('busy')}</p>}</div>
      {done && <Alert tone="success" live title={t('done')} />}
    </Page>
  )
}
