import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/context'
import { keyOf, useRefresh, useSend } from '../../api/hooks'
import type { ContractDetail } from '../../api/contract-types'
import { useSession } from '../../app/session'
import { Actions, Alert, Button, Checkbox, DownloadLink, ErrorSummary, ProblemView, Section, TextField, summaryOf, useFieldErrors } from '../../ui'

/** The code that the link of the mail carries behind "#". */
function useMailedCode(): string {
  const { hash } = useLocation()
  return /^#\d{6}$/.test(hash) ? hash.slice(1) : ''
}

/** Signing the contract, or the change with this number: read, agree, show a code. Paper stands beside it. */
export function Sign({ contract, change, onSigned }: { contract: ContractDetail; change?: number; onSigned: () => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: changes } = useTranslation('amendments')
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const { session } = useSession()
  const fieldErrors = useFieldErrors()
  const factor = session.second_factor?.enabled ?? false
  const mailed = useMailedCode()
  const [read, setRead] = useState(false)
  const [code, setCode] = useState(mailed)
  const [asked, setAsked] = useState(Boolean(mailed))
  const [tried, setTried] = useState(false)
  const path = `/contracts/${contract.id}`
  const ask = useSend(() => api.post(`${path}/code`))
  const sign = useSend(() => api.post<ContractDetail>(`${path}/sign`, { code: code.trim() }, { version: contract.version }))
  const own: Record<string, string> = {}
  if (!read) own['read'] = t('sign.needRead')
  if (!code.trim()) own['code'] = t('sign.needCode')
  const errors: Record<string, string> = { ...fieldErrors(sign.error), ...(tried ? own : {}) }
  const getCode = async () => {
    const answer = await ask.run()
    if (answer?.ok) { setAsked(true); setCode('') }
  }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await sign.run()
    if (answer?.ok) {
      client.setQueryData(keyOf(api, path), answer.value)
      onSigned()
      await refresh('/contracts')
    } else if (answer?.error.isStale) {
      setRead(false)
      await refresh(path)
    }
  }
  const stale = sign.error?.isStale ?? false
  return (
    <Section title={change ? changes('sign.title') : t('sign.title')}>
      <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
        {stale && <Alert tone="warning" live title={t('sign.changed')} />}
        <ErrorSummary errors={summaryOf(errors)} problem={stale || errors['code'] ? null : sign.error} />
        <Checkbox id="read" label={change ? changes('sign.read') : t('sign.read')} checked={read} onChange={setRead} error={errors['read'] ?? null} />
        {!factor && !asked && <div><Button kind="secondary" icon="mail" busy={ask.busy} onClick={() => void getCode()}>{t('sign.getCode')}</Button></div>}
        <ProblemView problem={ask.error} />
        {!factor && asked && !mailed && <p className="kern-body" role="status">{t('sign.sent')}</p>}
        {(factor || asked) && (
          <>
            <TextField id="code" label={factor ? t('sign.factor') : t('sign.code')} hint={factor ? t('sign.factorHint') : t('sign.codeHint')} width="sm" inputMode={factor ? 'text' : 'numeric'} autoComplete="one-time-code" value={code} onChange={setCode} error={errors['code'] ?? null} />
            <Actions>
              <Button type="submit" icon="check" busy={sign.busy}>{change ? changes('sign.submit') : t('sign.submit')}</Button>
              {!factor && <Button kind="tertiary" busy={ask.busy} onClick={() => void getCode()}>{t('sign.again')}</Button>}
            </Actions>
          </>
        )}
      </form>
      <details className="kp-details">
        <summary>{t('sign.paper')}</summary>
        <p className="kern-body">{change ? changes('sign.paperText') : t('sign.paperText')}</p>
        <DownloadLink kind="secondary" href={api.url(change ? `${path}/amendment.pdf?number=${change}` : `${path}/draft.pdf`)}>{change ? changes('pdf') : t('text.pdf')}</DownloadLink>
      </details>
    </Section>
  )
}
