import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { useGet, useRefresh } from '../../api/hooks'
import type { LegalKind, LegalPage } from '../../api/types'
import { useTenant } from '../../app/tenant'
import { LANGUAGE_NAMES, isLanguage } from '../../i18n'
import { Markdown } from '../../lib/markdown'
import { Button, ErrorState, ErrorSummary, Page, Skeleton, TextArea, TextField } from '../../ui'
import { EarlierVersions, namedSummary, useAddress, useFormat, useUndo, useVersioned } from '../../staff'

const KINDS: LegalKind[] = ['imprint', 'privacy', 'accessibility', 'plain_language']
type Values = { title: string; body: string }

type EditorProps = { kind: LegalKind; language: string; page: LegalPage | null; onSaved: () => void }
function Editor({ kind, language, page, onSaved }: EditorProps): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const format = useFormat()
  const [tried, setTried] = useState(false)
  // Without a text in this language the server answers with the municipality's own; that is not what is edited here.
  const own = page?.language === language ? page : null
  const stateOf = (found: LegalPage | null) => {
    const here = found?.language === language ? found : null
    return { value: { title: here?.title ?? '', body: here?.body ?? '' }, version: here?.version ?? 0 }
  }
  const labels: Record<keyof Values, string> = { title: t('legal.heading'), body: t('legal.body') }
  const form = useVersioned<Values>({
    start: stateOf(page),
    save: (value, version) => api.put(`/admin/legal/${kind}/${language}`, value, { version }),
    newest: async () => { const now = await api.get<LegalPage>(`/legal/${kind}`, { language }); return stateOf(now) },
    labels,
    onSaved,
  })
  const missing: Record<string, string> = {}
  if (!form.value.title.trim()) missing['title'] = t('legal.needTitle')
  if (!form.value.body.trim()) missing['body'] = t('legal.needBody')
  const errors: Record<string, string> = { ...form.errors, ...(tried ? missing : {}) }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(missing).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={form.problem} />
      <p className="kern-body kp-muted">{own ? t('legal.changed', { date: format.dateTime(own.updated_at) }) : t('legal.notYet')}</p>
      <div className="kp-columns kp-columns--even">
        <div className="kp-form">
          <TextField id="title" label={labels.title} maxLength={200} value={form.value.title} onChange={(title) => form.set({ title })} error={errors['title']} />
          <TextArea id="body" label={labels.body} hint={t('legal.bodyHint')} rows={20} value={form.value.body} onChange={(body) => form.set({ body })} error={errors['body']} />
        </div>
        <section aria-label={t('legal.preview')} className="kp-stack">
          <h2 className="kern-heading-medium">{t('legal.preview')}</h2>
          <div className="kp-preview kp-stack" lang={language}><p className="kern-title">{form.value.title}</p><Markdown text={form.value.body} /></div>
        </section>
      </div>
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('legal.save')}</Button></div>
    </form>
  )
}

export function LegalPages(): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: common } = useTranslation()
  const tenant = useTenant()
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const kind = KINDS.find((entry) => entry === values['seite']) ?? 'imprint'
  const language = tenant.languages.find((entry) => entry === values['sprache']) ?? tenant.default_language
  const query = useGet<LegalPage>(`/legal/${kind}`, { language }, { staleTime: 0 })
  const api = useApi()
  // What is edited becomes another one by a restored version; the form begins anew with it.
  const [restored, setRestored] = useState(0)
  const seen = query.data?.language === language ? query.data.version : 0
  const missing = query.error instanceof ApiError && query.error.status === 404
  return (
    <Page title={t('legal.title')} lead={t('legal.lead')} width="full">
      <ul className="kp-tabs" aria-label={t('legal.which')}>
        {KINDS.map((entry) => <li key={entry}><button type="button" className="kp-tab" aria-pressed={entry === kind} onClick={() => set({ seite: entry })}>{common(`legal.${entry}`)}</button></li>)}
      </ul>
      {tenant.languages.length > 1 && (
        <ul className="kp-tabs" aria-label={t('legal.language')}>
          {tenant.languages.map((entry) => <li key={entry}><button type="button" className="kp-tab" aria-pressed={entry === language} onClick={() => set({ sprache: entry })}>{isLanguage(entry) ? LANGUAGE_NAMES[entry] : entry}</button></li>)}
        </ul>
      )}
      {query.isPending && <Skeleton blocks={1} lines={8} />}
      {query.error && !missing && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {(query.data || missing) && <Editor key={`${kind}${language}${restored}`} kind={kind} language={language} page={query.data ?? null} onSaved={() => { offer(t('legal.saved')); void refresh('/legal', '/admin/versions') }} />}
      {(query.data || missing) && (
        <EarlierVersions
          key={`${kind}/${language}`}
          query={{ kind: 'legal_page', subject: `${kind}/${language}` }}
          restore={(version) => api.put(`/admin/legal/${kind}/${language}/restored`, { number: version.number }, { version: seen })}
          onRestored={async (message) => { await refresh('/legal'); setRestored(restored + 1); offer(message) }}
        />
      )}
      {bar}
    </Page>
  )
}
