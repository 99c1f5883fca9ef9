import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../../api/hooks'
import type { NoticeTemplate, NoticeTemplates, NoticeText } from '../../../api/notice-types'
import { hasRole, useSession } from '../../../app/session'
import { useTo } from '../../../app/tenant'
import { useUnsaved } from '../../../lib/unsaved'
import { Button, ErrorState, ErrorSummary, Page, Section, Skeleton, useFieldErrors } from '../../../ui'
import { namedSummary, useFormat, useUndo } from '../../../staff'
import { NoticeFields, Paragraphs } from './text-form'

function Write({ template, onDone }: { template: NoticeTemplate; onDone: (saved: boolean) => void }): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [text, setText] = useState<NoticeText>(template.text)
  const send = useSend(async () => {
    await api.post('/admin/notice-templates', { kind: template.kind, text }, { idempotencyKey: key() })
    await refresh('/office/notice-templates')
  })
  const errors = serverErrors(send.error)
  useUnsaved(JSON.stringify(text) !== JSON.stringify(template.text))
  const labels = { title: t('text.title'), decision: t('text.decision'), reasons: t('text.reasons'), remedy: t('text.remedy'), objection_months: t('text.months') }
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void send.run().then((answer) => { if (answer?.ok) onDone(true) }) }}>
      <ErrorSummary errors={namedSummary(errors, labels)} problem={send.error} />
      <NoticeFields value={text} errors={errors} onChange={(patch) => { renew(); setText((old) => ({ ...old, ...patch })) }} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('templates.save')}</Button><Button kind="secondary" onClick={() => onDone(false)}>{common('action.cancel')}</Button></div>
    </form>
  )
}

function Words({ template }: { template: NoticeTemplate }): JSX.Element {
  const { t } = useTranslation('notices')
  const format = useFormat()
  const name = template.version === 0 ? t('fact.first') : t('fact.version', { version: template.version })
  return (
    <details className="kp-details" open={template.current}>
      <summary>{name}{template.current && `, ${t('templates.current')}`}{template.created_by && `, ${t('fact.by', { name: template.created_by, date: format.dateTime(template.created_at) })}`}</summary>
      <p className="kern-body"><strong>{template.text.title}</strong></p>
      <Paragraphs text={template.text.decision} />
      <Paragraphs text={template.text.reasons} />
      <Paragraphs text={template.text.remedy} />
    </details>
  )
}

/** The texts that notices are made from, with all their versions. */
export function NoticeTemplatesPage(): JSX.Element {
  const { t } = useTranslation('notices')
  const to = useTo()
  const { session } = useSession()
  const mayWrite = hasRole(session, ['tenant_admin'])
  const { offer: say, bar } = useUndo()
  const [writing, setWriting] = useState<string | null>(null)
  const query = useGet<NoticeTemplates>('/office/notice-templates')
  const data = query.data
  return (
    <Page title={t('templates.title')} lead={t('templates.lead')} back={{ to: to('/amt/bescheide'), label: t('title') }} width="full">
      {!data && (query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={4} />)}
      {data && <p className="kern-body">{t('templates.gaps')} {data.gaps.map((gap) => <code key={gap} className="kp-gap">{`{${gap}} `}</code>)}</p>}
      {data?.items.filter((template) => template.current).map((current) => (
        <Section key={current.kind} title={t(`kind.${current.kind}`)}>
          {writing === current.kind
            ? <Write template={current} onDone={(saved) => { setWriting(null); if (saved) say(t('templates.saved')) }} />
            : mayWrite && <div className="kp-actions"><Button small kind="secondary" onClick={() => setWriting(current.kind)} aria-label={t('templates.writeFor', { kind: t(`kind.${current.kind}`) })}>{t('templates.write')}</Button></div>}
          {data.items.filter((template) => template.kind === current.kind).map((template) => <Words key={template.version} template={template} />)}
        </Section>
      ))}
      {bar}
    </Page>
  )
}
