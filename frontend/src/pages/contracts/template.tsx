import { useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQueryClient } from '@tanstack/react-query'
import type { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { keyOf, useGet, useRefresh, useSend } from '../../api/hooks'
import type { ContractTemplateDetail, TextBlock } from '../../api/contract-types'
import type { NoticeTo } from '../../api/types'
import { NotFound } from '../../app/states'
import { EMPTY_DATE, formatDate, toIso } from '../../lib/dates'
import { Actions, Alert, AskedButton, Button, DateField, Dialog, DownloadLink, ErrorState, ErrorSummary, Facts, Lines, Page, ProblemView, Section, Select, Skeleton, TextArea, TextField, summaryOf, useFieldErrors } from '../../ui'
import { useVersioned } from '../../staff'
import { ContractText, useNotice } from './parts'
import { StateBadge } from './templates'

type Done = (message: string, next: ContractTemplateDetail) => void

/** The faults of the words, with the names of placeholders that do not exist. */
function useBodyFaults(): (problem: ApiError | null) => string | null {
  const { t } = useTranslation('contracts')
  const fieldErrors = useFieldErrors()
  return (problem) => {
    const unknown = (problem?.errors ?? []).filter((error) => error.code === 'placeholder_unknown')
    const named = unknown.map((error) => t('templates.unknown', { name: error.detail ?? '' })).join(' ')
    return named || (fieldErrors(problem)['body'] ?? null)
  }
}

function Preview({ body }: { body: string }): JSX.Element {
  const { t } = useTranslation('contracts')
  const api = useApi()
  const faults = useBodyFaults()
  const show = useSend(() => api.post<{ text: TextBlock[] }>('/admin/contract-templates-preview', { body }))
  const fault = faults(show.error)
  return (
    <Section title={t('templates.preview')}>
      <p className="kern-body">{t('templates.previewText')}</p>
      <div><Button kind="secondary" busy={show.busy} onClick={() => void show.run()}>{t('templates.preview')}</Button></div>
      {fault ? <Alert tone="danger" live title={fault} /> : <ProblemView problem={show.error} />}
      {show.result && <div className="kp-panel" role="status"><ContractText text={show.result.text} level={3} /></div>}
    </Section>
  )
}

function Publish({ template, onDone, onClose }: { template: ContractTemplateDetail; onDone: Done; onClose: () => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const fieldErrors = useFieldErrors()
  const [day, setDay] = useState(EMPTY_DATE)
  const [tried, setTried] = useState(false)
  const iso = toIso(day)
  const send = useSend((valid_from: string) => api.post<ContractTemplateDetail>(`/admin/contract-templates/${template.id}/publish`, { valid_from }, { version: template.version }))
  const error = tried && !iso ? t('templates.needDay') : fieldErrors(send.error)['valid_from'] ?? null
  const submit = async () => {
    setTried(true)
    const answer = iso ? await send.run(iso) : null
    if (answer?.ok) onDone(t('templates.done'), answer.value)
  }
  return (
    <Dialog open title={t('templates.publishTitle', { number: template.number })} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={send.busy} onClick={() => void submit()}>{t('templates.publish')}</Button></>}>
      <div className="kp-stack">
        <p className="kern-body">{t('templates.publishText')}</p>
        <DateField id="valid_from" label={t('templates.from')} value={day} onChange={setDay} error={error} />
        {!error && <ProblemView problem={send.error} />}
      </div>
    </Dialog>
  )
}

/** What is no number is refused by the service, at its field. */
const whole = (text: string): number => (/^\d{1,2}$/.test(text.trim()) ? Number(text) : -1)

const FIELDS = ['name', 'body', 'notice_months', 'notice_to', 'notice_not_last_months'] as const
type Values = { name: string; body: string; notice_months: string; notice_to: NoticeTo; notice_not_last_months: string }
const stateOf = (template: ContractTemplateDetail): { value: Values; version: number } => ({
  value: { name: template.name, body: template.body, notice_months: String(template.notice_months), notice_to: template.notice_to, notice_not_last_months: String(template.notice_not_last_months) },
  version: template.version,
})

function Editor({ template, onDone }: { template: ContractTemplateDetail; onDone: Done }): JSX.Element {
  const { t } = useTranslation('contracts')
  const api = useApi()
  const faults = useBodyFaults()
  const [publishing, setPublishing] = useState(false)
  const saved = useRef(template)
  const path = `/admin/contract-templates/${template.id}`
  const labels = { name: t('templates.name'), notice_months: t('templates.notice'), notice_to: t('templates.noticeTo'), notice_not_last_months: t('templates.noticeLast'), body: t('templates.body') }
  const paragraphs = (text: string) => text.split('\n').filter((line) => line.trim())
  const form = useVersioned<Values>({
    start: stateOf(template),
    save: async (value, version) => {
      saved.current = await api.put<ContractTemplateDetail>(path, { ...value, notice_months: whole(value.notice_months), notice_not_last_months: whole(value.notice_not_last_months) }, { version })
    },
    newest: async () => stateOf(await api.get<ContractTemplateDetail>(path)),
    labels,
    show: (field, value, other) => (field === 'notice_to' ? t(`templates.noticeTos.${value as NoticeTo}`) : field === 'body' ? <Lines own={paragraphs(value)} other={paragraphs(other)} /> : value),
    onSaved: () => onDone(t('templates.saved'), saved.current),
  })
  const { value, set, unsaved: dirty } = form
  const fault = faults(form.problem)
  const errors: Record<string, string> = { ...form.errors, ...(fault ? { body: fault } : {}) }
  const field = (name: (typeof FIELDS)[number]) => ({ id: name, label: labels[name], value: value[name], onChange: (text: string) => set({ [name]: text }), error: errors[name] ?? null })
  const add = (placeholder: string) => set({ body: `${value.body.trimEnd()} {{${placeholder}}}` })
  return (
    <>
      <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void form.submit() }}>
        {form.conflict ?? <ErrorSummary errors={summaryOf(errors)} problem={form.problem} />}
        <TextField {...field('name')} maxLength={200} />
        <TextField {...field('notice_months')} hint={t('templates.noticeHint')} width="xs" inputMode="numeric" />
        <Select id="notice_to" label={labels.notice_to} value={value.notice_to} onChange={(notice_to) => set({ notice_to })} options={(['month', 'quarter', 'kita_year'] as const).map((entry) => ({ value: entry, label: t(`templates.noticeTos.${entry}`) }))} />
        <TextField {...field('notice_not_last_months')} hint={t('templates.noticeLastHint')} width="xs" inputMode="numeric" />
        <TextArea {...field('body')} hint={t('templates.bodyHint')} rows={18} maxLength={20000} lang="de" />
        <details className="kp-details">
          <summary>{t('templates.placeholders')}</summary>
          <p className="kern-body">{t('templates.placeholdersText')}</p>
          <div className="kp-row">{template.placeholders.map((one) => <Button key={one} small kind="secondary" onClick={() => add(one)}>{`{{${one}}}`}</Button>)}</div>
        </details>
        {dirty && <p className="kern-body" role="status">{t('templates.unsaved')}</p>}
        <Actions>
          <Button type="submit" busy={form.busy} kind={dirty ? 'primary' : 'secondary'}>{t('templates.save')}</Button>
          <Button kind={dirty ? 'secondary' : 'primary'} aria-disabled={dirty || undefined} onClick={() => { if (!dirty) setPublishing(true) }}>{t('templates.publish')}</Button>
        </Actions>
      </form>
      <Preview body={value.body} />
      {publishing && <Publish template={template} onClose={() => setPublishing(false)} onDone={onDone} />}
    </>
  )
}

function Withdraw({ template, onDone }: { template: ContractTemplateDetail; onDone: Done }): JSX.Element {
  const { t } = useTranslation('contracts')
  const api = useApi()
  const send = useSend(() => api.post<ContractTemplateDetail>(`/admin/contract-templates/${template.id}/withdraw`, {}, { version: template.version }))
  const run = async () => {
    const answer = await send.run()
    if (answer?.ok) onDone(t('templates.withdrawDone'), answer.value)
    return Boolean(answer?.ok)
  }
  return <AskedButton label={t('templates.withdraw')} title={t('templates.withdrawTitle', { number: template.number })} problem={send.error} onRun={run}>{t('templates.withdrawText')}</AskedButton>
}

/** One version of the words of contracts. `base` is the page of the list. */
export function TemplatePage({ base }: { base: string }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const { template: id = '' } = useParams()
  const api = useApi()
  const client = useQueryClient()
  const refresh = useRefresh()
  const notice = useNotice()
  const [message, setMessage] = useState<string | null>(null)
  const path = `/admin/contract-templates/${encodeURIComponent(id)}`
  const query = useGet<ContractTemplateDetail>(path)
  const template = query.data
  if (query.error?.status === 404) return <NotFound />
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!template) return <Page title={t('templates.title')}><Skeleton lines={5} /></Page>
  const done: Done = (said, next) => {
    setMessage(said)
    client.setQueryData(keyOf(api, path), next)
    void refresh('/admin/contract-templates')
  }
  const draft = template.state === 'draft' && template.may_edit
  const held = template.valid_from !== null && template.in_force
  return (
    <Page title={`${template.name} (${t('templates.number')} ${template.number})`} back={{ to: base, label: t('templates.back') }} width="full">
      {message && <Alert tone="success" live title={message} />}
      <p className="kp-row"><StateBadge template={template} /></p>
      <Facts items={[
        { id: 'owner', term: t('templates.owner'), value: template.provider_name ?? t('templates.municipality') },
        { id: 'from', term: t('templates.from'), value: template.valid_from ? formatDate(template.valid_from, i18n.language) : '–' },
        { id: 'notice', term: t('facts.notice'), value: notice(template) },
      ]} />
      {draft
        ? <Editor key={template.id} template={template} onDone={done} />
        : <TextArea id="body" label={t('templates.body')} rows={18} lang="de" readOnly value={template.body} onChange={() => undefined} />}
      <Actions>
        <DownloadLink href={api.url(`${path}/preview.pdf`)}>{t('templates.pdf')}</DownloadLink>
        {template.may_edit && template.state !== 'withdrawn' && !held && <Withdraw template={template} onDone={done} />}
      </Actions>
    </Page>
  )
}
