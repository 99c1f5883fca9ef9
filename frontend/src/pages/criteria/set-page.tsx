import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/context'
import { newKey, useGet, useRefresh, useSend } from '../../api/hooks'
import type { AdminCriterion, CriteriaSetDetail, Items, RuleInput, TieBreak } from '../../api/types'
import { useSession } from '../../app/session'
import { formatDate, toIso, toParts, type DateParts } from '../../lib/dates'
import { Actions, Alert, Badge, Button, DateField, Dialog, ErrorState, ErrorSummary, Lines, Page, ProblemView, Section, Skeleton, TextField } from '../../ui'
import { useVersioned } from '../../staff'
import { PublishDialog } from './publish'
import { Preview, usePreview } from './preview'
import { toDraft, toInput, type RuleDraft } from './rule-form'
import { RulesList } from './rules-list'
import { SetRules } from './set-rules'
import { TieBreaks } from './tie-breaks'
import { PHASE_LOOK, useCriteriaWords } from './words'
import './criteria.css'

type Content = { name: string; valid_from: DateParts; rules: RuleDraft[]; tie_breaks: TieBreak[] }
const toContent = (set: CriteriaSetDetail): Content => ({
  name: set.name, valid_from: toParts(set.valid_from), rules: set.rules.map(toDraft), tie_breaks: set.tie_breaks,
})
const inputs = (rules: RuleDraft[]): RuleInput[] | null => {
  const all = rules.map(toInput)
  return all.every((rule) => rule !== null) ? all : null
}

function Editor({ set, onSaved }: { set: CriteriaSetDetail; onSaved: (message: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const { t: admin } = useTranslation('admin')
  const api = useApi()
  const words = useCriteriaWords()
  const criteria = useGet<Items<AdminCriterion>>('/admin/criteria')
  const [publishing, setPublishing] = useState(false)
  const title = (id: string) => { const found = criteria.data?.items.find((entry) => entry.id === id); return found ? (i18n.language === 'en' ? found.title_en : found.title_de) : id }
  const ruleLines = (drafts: RuleDraft[]) => drafts.map((draft) => {
    const rule = toInput(draft)
    return `${title(draft.criterion_id)}: ${rule ? [...words.worth(rule), words.evidence(rule.evidence)].join('; ') : admin('needNumber')}`
  })
  const labels = { name: t('edit.name'), valid_from: t('edit.from'), rules: t('edit.rules'), tie_breaks: t('tie.title') }
  const path = `/admin/criteria-sets/${set.id}`
  const form = useVersioned<Content>({
    start: { value: toContent(set), version: set.version },
    save: (value, version) => api.put(path, { name: value.name, valid_from: toIso(value.valid_from), rules: inputs(value.rules), tie_breaks: value.tie_breaks }, { version }),
    newest: async () => {
      const now = await api.get<CriteriaSetDetail>(path)
      return { value: toContent(now), version: now.version }
    },
    labels,
    show: (field, value, other) => (field === 'tie_breaks' ? words.ties(value as TieBreak[]) : field === 'valid_from' ? toIso(value as DateParts) ?? '' : field === 'rules' ? <Lines own={ruleLines(value as RuleDraft[])} other={ruleLines(other as RuleDraft[])} /> : String(value)),
    onSaved: () => onSaved(t('edit.saved')),
  })
  const rules = inputs(form.value.rules)
  const preview = usePreview(rules, form.value.tie_breaks)
  const dirty = form.unsaved
  const warnings = preview.data?.warnings ?? set.warnings
  const top = Object.entries(form.errors).filter(([key]) => !key.startsWith('rules.')).map(([id, message]) => ({ id, message }))
  if (criteria.isLoadingError) return <ErrorState problem={criteria.error} onRetry={() => void criteria.refetch()} />
  return (
    <div className="kp-set">
      <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); if (rules) void form.submit() }}>
        {form.conflict}
        <ErrorSummary errors={top} problem={Object.keys(form.errors).length > 0 ? null : form.problem} />
        {warnings.length > 0 && <Alert tone="warning" title={t('warning.title', { count: new Set(warnings.map((w) => w.criterion_id)).size })} />}
        <TextField id="name" label={labels.name} maxLength={200} value={form.value.name} onChange={(name) => form.set({ name })} error={form.errors['name']} />
        <DateField id="draft_from" label={labels.valid_from} hint={t('edit.fromHint')} optional value={form.value.valid_from} onChange={(valid_from) => form.set({ valid_from })} />
        <Section title={labels.rules}>
          {criteria.isPending ? <Skeleton lines={4} /> : <RulesList rules={form.value.rules} criteria={criteria.data.items} warnings={warnings} errors={form.errors} onChange={(next) => form.set({ rules: next })} />}
        </Section>
        <TieBreaks value={form.value.tie_breaks} onChange={(tie_breaks) => form.set({ tie_breaks })} />
        {!rules && <p className="kern-body" role="status">{admin('needNumber')}</p>}
        {dirty && <p className="kern-body" role="status">{t('edit.unsaved')}</p>}
        <Actions>
          <Button type="submit" busy={form.busy} kind={dirty ? 'primary' : 'secondary'}>{t('edit.save')}</Button>
          <Button kind={dirty ? 'secondary' : 'primary'} aria-disabled={dirty || undefined} title={dirty ? t('edit.saveFirst') : undefined} onClick={() => { if (!dirty) setPublishing(true) }}>{t('edit.publish')}</Button>
        </Actions>
      </form>
      <Preview preview={preview.data} empty={form.value.rules.length === 0} broken={!rules} problem={preview.error} />
      <PublishDialog set={set} open={publishing} onClose={() => setPublishing(false)} onDone={(message) => { setPublishing(false); onSaved(message) }} />
    </div>
  )
}

function Withdraw({ set, onDone }: { set: CriteriaSetDetail; onDone: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('criteria')
  const { t: common } = useTranslation()
  const api = useApi()
  const [open, setOpen] = useState(false)
  const send = useSend(async () => {
    await api.post(`/admin/criteria-sets/${set.id}/withdraw`, {}, { version: set.version })
    setOpen(false)
    onDone(t('edit.withdrawn'))
  })
  return (
    <>
      <Button kind="tertiary" danger onClick={() => setOpen(true)}>{t('edit.withdraw')}</Button>
      <Dialog open={open} title={t('edit.withdrawTitle')} onClose={() => setOpen(false)} footer={<><Button kind="secondary" onClick={() => setOpen(false)}>{common('action.cancel')}</Button><Button danger busy={send.busy} onClick={() => void send.run()}>{t('edit.withdrawSubmit')}</Button></>}>
        <p className="kern-body">{t('edit.withdrawText')}</p>
        <ProblemView problem={send.error} />
      </Dialog>
    </>
  )
}

/** What was published: to be read, and copied into a new version. */
function Fixed({ set }: { set: CriteriaSetDetail }): JSX.Element {
  const { t } = useTranslation('criteria')
  const words = useCriteriaWords()
  const rules = set.rules.length > 0 ? set.rules : null
  const preview = usePreview(rules && rules.map(({ criterion_id, points, rank, best_of, evidence, reserve }) => ({ criterion_id, points, rank, best_of, evidence, reserve })), set.tie_breaks)
  return (
    <div className="kp-set">
      <div className="kp-stack">
        {set.phase !== 'withdrawn' && <Alert tone="info" title={t('edit.fixed')}><p className="kern-body">{t('edit.fixedText')}</p></Alert>}
        <SetRules rules={set.rules} />
        <p className="kern-body">{t('tie.title')}: {words.ties(set.tie_breaks)}.</p>
        {set.acknowledged.length > 0 && (
          <Section title={t('edit.acknowledged')}>
            <ul className="kern-body kp-list">{set.acknowledged.map((entry) => <li key={entry.code}>{set.warnings.find((warning) => warning.code === entry.code)?.title ?? entry.code}: {entry.reason}</li>)}</ul>
          </Section>
        )}
      </div>
      <Preview preview={preview.data} empty={!rules} broken={false} problem={preview.error} />
    </div>
  )
}

/** One version of the criteria. `base` is the page of the list. */
export function CriteriaSetPage({ base }: { base: string }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const { set: id = '' } = useParams()
  const api = useApi()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const { session } = useSession()
  const [message, setMessage] = useState<string | null>(null)
  const query = useGet<CriteriaSetDetail>(`/admin/criteria-sets/${id}`)
  const set = query.data
  const copy = useSend(async (from: CriteriaSetDetail) => {
    const made = await api.post<CriteriaSetDetail>('/admin/criteria-sets', { name: from.name, provider_id: from.provider_id, copy_of: from.id }, { idempotencyKey: newKey() })
    await refresh('/admin/criteria-sets')
    void navigate(`${base}/${made.id}`)
  })
  const back = { to: base, label: t('edit.back') }
  if (!set) return <Page title={t('title')} back={back} width="full">{query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={5} />}</Page>
  const done = (text: string) => { setMessage(text); void refresh('/admin/criteria-sets', '/admin/criteria', '/criteria') }
  const mayWrite = session.roles.some((entry) => entry.role === 'tenant_admin' || (entry.role === 'provider_manager' && entry.provider_id === set.provider_id))
  const owner = set.provider_name ?? t('list.municipality')
  return (
    <Page title={set.name} back={back} width="full" lead={t('edit.of', { owner, number: set.number })}>
      <div className="kp-row">
        <Badge {...PHASE_LOOK[set.phase]}>{t(`phase.${set.phase}`)}</Badge>
        {set.valid_from && <span>{t('list.from')} {formatDate(set.valid_from, i18n.language)}{set.valid_until && `, ${t('list.until')} ${formatDate(set.valid_until, i18n.language)}`}</span>}
      </div>
      <div role="status">{message && <Alert tone="success" title={message} />}</div>
      {set.phase === 'draft' && mayWrite ? <Editor key={set.id} set={set} onSaved={done} /> : <Fixed set={set} />}
      <ProblemView problem={copy.error} />
      {mayWrite && (
        <Actions>
          {set.phase !== 'draft' && <Button kind="secondary" icon="add" busy={copy.busy} onClick={() => void copy.run(set)}>{t('edit.copy')}</Button>}
          {(set.phase === 'draft' || set.phase === 'coming') && <Withdraw set={set} onDone={done} />}
        </Actions>
      )}
    </Page>
  )
}
