import { useState, type FormEvent, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { SecondFactorSetup } from '../../api/types'
import { useSession } from '../../app/session'
import { useForm } from '../../lib/form'
import { Actions, Alert, Button, ErrorSummary, ProblemView } from '../../ui'
import { CodeField, PasswordField } from './fields'

const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, '$1 ')

function SetUp({ setup, onDone }: { setup: SecondFactorSetup; onDone: (codes: string[]) => void }): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const form = useForm({ setup_code: '' }, undefined, { code: 'setup_code' })
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    await form.submit(
      ({ setup_code: code }): Record<string, string> => (code.trim() ? {} : { setup_code: t('error.code') }),
      async ({ setup_code: code }) => {
        const { recovery_codes: codes } = await api.post<{ recovery_codes: string[] }>('/account/second-factor/confirm', { code: code.replace(/\s/g, '') })
        onDone(codes)
      },
    )
  }
  return (
    <form className="kp-form" onSubmit={(event) => void confirm(event)} noValidate>
      <ol className="kern-body kp-list"><li>{t('factor.step1')}</li><li>{t('factor.step2')}</li><li>{t('factor.step3')}</li></ol>
      {/* As a picture the drawing can run no script, whatever stands in it. */}
      <img className="kp-qr" src={`data:image/svg+xml,${encodeURIComponent(setup.qr_svg)}`} alt={t('factor.qr')} width={220} height={220} />
      <p className="kern-body">{t('factor.secret')} <code className="kp-code">{inFours(setup.secret)}</code></p>
      <ErrorSummary errors={form.summary} problem={form.errors['code'] ? null : form.problem} />
      <CodeField id="setup_code" hint={t('factor.codeHint')} value={form.values.setup_code} onChange={(value) => form.set('setup_code', value)} error={form.errors['setup_code'] ?? form.errors['code']} />
      <Actions><Button type="submit" busy={form.busy}>{t('factor.confirm')}</Button></Actions>
    </form>
  )
}

function TurnOff({ onDone }: { onDone: () => void }): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const form = useForm({ off_password: '', off_code: '' }, undefined, { current_password: 'off_password', code: 'off_code' })
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const done = await form.submit(
      ({ off_password: password, off_code: code }) => ({ ...(password ? {} : { off_password: t('error.password') }), ...(code.trim() ? {} : { off_code: t('error.code') }) }),
      ({ off_password: password, off_code: code }) => api.post('/account/second-factor/disable', { current_password: password, code: code.replace(/\s/g, '') }),
    )
    if (done) onDone()
  }
  return (
    <details className="kp-details">
      <summary>{t('factor.turnOff')}</summary>
      <form className="kp-form" onSubmit={(event) => void send(event)} noValidate>
        <ErrorSummary errors={form.summary} problem={form.problem} />
        <PasswordField id="off_password" label={t('field.currentPassword')} value={form.values.off_password} onChange={(value) => form.set('off_password', value)} error={form.errors['off_password'] ?? form.errors['current_password']} />
        <CodeField id="off_code" value={form.values.off_code} onChange={(value) => form.set('off_code', value)} error={form.errors['off_code'] ?? form.errors['code']} />
        <Actions><Button type="submit" kind="secondary" danger busy={form.busy}>{t('factor.turnOffSubmit')}</Button></Actions>
      </form>
    </details>
  )
}

/** Six digits from an app beside the password. */
export function SecondFactor(): JSX.Element {
  const { t } = useTranslation('account')
  const api = useApi()
  const { session, reload } = useSession()
  const [codes, setCodes] = useState<string[] | null>(null)
  const start = useSend(() => api.post<SecondFactorSetup>('/account/second-factor'))
  if (codes) {
    return (
      <Alert tone="success" live title={t('factor.done')}>
        <p className="kern-body">{t('factor.recovery')}</p>
        <ul className="kp-plain-list">{codes.map((code) => <li key={code}><code className="kp-code">{code}</code></li>)}</ul>
        <Button kind="secondary" onClick={() => { setCodes(null); start.clear(); reload() }}>{t('factor.recoveryKept')}</Button>
      </Alert>
    )
  }
  if (session.second_factor?.enabled) {
    return (
      <div className="kp-stack">
        <p className="kern-body">{t('factor.on')}</p>
        {session.second_factor.required ? <p className="kern-body">{t('factor.mustStay')}</p> : <TurnOff onDone={reload} />}
      </div>
    )
  }
  if (start.result) return <SetUp setup={start.result} onDone={setCodes} />
  return (
    <div className="kp-stack">
      <p className="kern-body">{t('factor.off')}</p>
      <ProblemView problem={start.error} />
      <Actions><Button kind="secondary" icon="lock" busy={start.busy} onClick={() => void start.run()}>{t('factor.start')}</Button></Actions>
    </div>
  )
}
