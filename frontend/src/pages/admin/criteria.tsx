import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh } from '../../api/hooks'
import type { AdminCriterion, CriterionSource, Items } from '../../api/types'
import { useTo } from '../../app/tenant'
import { Badge, Button, Checkbox, ErrorSummary, Link, Page, Section, Select, TextArea, TextField } from '../../ui'
import { SetsList } from '../criteria/sets-list'
import { DataTable, namedSummary, Panel, useAddress, useUndo, useVersioned, WithPanel, type Col } from '../../staff'

type Values = Omit<AdminCriterion, 'id' | 'version' | 'scope' | 'position'> & { position: string }
const EMPTY: Values = { code: '', source: 'asked', title_de: '', title_en: '', hint_de: '', hint_en: '', evidence_de: '', evidence_en: '', position: '1', active: true, confidential: false }
const toValues = ({ id: _id, version: _version, scope: _scope, position, ...rest }: AdminCriterion): Values => ({ ...rest, position: String(position) })
const SOURCES: CriterionSource[] = [
  'asked', 'asked_number', 'sibling_there', 'sibling_earlier', 'was_here', 'main_residence', 'school_entry_soon', 'preschool_without_place',
  'no_place_yet', 'follow_up', 'age_3_or_4', 'age_5_or_older', 'age_years',
]
const TEXTS = ['title', 'hint', 'evidence'] as const

function Form({ criterion, onSaved }: { criterion: AdminCriterion | null; onSaved: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const { t: words } = useTranslation('criteria')
  const api = useApi()
  const { key } = useIdempotencyKey()
  const [tried, setTried] = useState(false)
  const labels = Object.fromEntries((Object.keys(EMPTY) as (keyof Values)[]).map((name) => [name, t(`criteria.field.${name}`)])) as Record<keyof Values, string>
  const form = useVersioned<Values>({
    start: { value: criterion ? toValues(criterion) : EMPTY, version: criterion?.version ?? 0 },
    save: (value, version) => {
      const { active, ...rest } = value
      const body = { ...rest, position: Number(value.position) }
      if (!criterion) return api.post('/admin/criteria', body, { idempotencyKey: key() })
      const { code: _code, source: _source, ...change } = body
      return api.patch(`/admin/criteria/${criterion.id}`, { ...change, active }, { version })
    },
    newest: async () => {
      const now = (await api.get<Items<AdminCriterion>>('/admin/criteria')).items.find((entry) => entry.id === criterion?.id)
      return { value: now ? toValues(now) : EMPTY, version: now?.version ?? 0 }
    },
    labels,
    show: (field, value) => (typeof value === 'boolean' ? (value ? t('yes') : t('no')) : field === 'source' ? words(`source.${value as CriterionSource}`) : String(value)),
    onSaved: () => onSaved(criterion ? t('criteria.saved') : t('criteria.added')),
  })
  const own: Record<string, string> = {}
  for (const name of ['title_de', 'title_en'] as const) if (!form.value[name].trim()) own[name] = t('need')
  if (!/^[a-z][a-z0-9_]{1,39}$/.test(form.value.code)) own['code'] = t('criteria.needCode')
  if (!/^\d{1,3}$/.test(form.value.position)) own['position'] = t('needNumber')
  const errors: Record<string, string> = { ...form.errors, ...(tried ? own : {}) }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={form.problem} />
      {!criterion && <TextField id="code" label={labels.code} hint={t('criteria.codeHint')} value={form.value.code} onChange={(code) => form.set({ code })} error={errors['code']} />}
      <div className="kp-row">
        <TextField id="position" label={labels.position} width="xs" inputMode="numeric" value={form.value.position} onChange={(position) => form.set({ position })} error={errors['position']} />
      </div>
      {criterion
        ? <p className="kern-body">{words(`source.${criterion.source}`)}</p>
        : <Select id="source" label={labels.source} value={form.value.source} onChange={(source) => form.set({ source })} options={SOURCES.map((value) => ({ value, label: words(`source.${value}`) }))} error={errors['source']} />}
      {(['de', 'en'] as const).map((language) => TEXTS.map((text) => {
        const name = `${text}_${language}` as const
        return text === 'title'
          ? <TextField key={name} id={name} label={labels[name]} maxLength={200} value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[name]} />
          : <TextArea key={name} id={name} label={labels[name]} optional rows={2} maxLength={500} value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[name]} />
      }))}
      <Checkbox label={labels.confidential} hint={t('criteria.confidentialHint')} checked={form.value.confidential} onChange={(confidential) => form.set({ confidential })} />
      {criterion && <Checkbox label={labels.active} hint={t('criteria.activeHint')} checked={form.value.active} onChange={(active) => form.set({ active })} />}
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{criterion ? t('criteria.save') : t('criteria.add')}</Button></div>
    </form>
  )
}

/** The questions that sets are made of. */
function Questions(): JSX.Element {
  const { t, i18n } = useTranslation('admin')
  const { t: words } = useTranslation('criteria')
  const refresh = useRefresh()
  const { values, set } = useAddress()
  const { offer, bar } = useUndo()
  const query = useGet<Items<AdminCriterion>>('/admin/criteria')
  const items = [...(query.data?.items ?? [])].sort((a, b) => a.position - b.position)
  const title = (row: AdminCriterion) => (i18n.language === 'en' ? row.title_en : row.title_de)
  const open = values['fall']
  const current = items.find((entry) => entry.id === open) ?? null
  const close = () => set({ fall: null })
  const done = (message: string) => { offer(message); close(); void refresh('/admin/criteria', '/criteria') }
  const columns: Col<AdminCriterion>[] = [
    { id: 'title', header: t('criteria.name'), fixed: true, text: title, cell: title },
    { id: 'source', header: t('criteria.field.source'), text: (row) => words(`source.${row.source}`), cell: (row) => words(`source.${row.source}`) },
    { id: 'position', header: t('criteria.field.position'), numeric: true, text: (row) => row.position, cell: (row) => row.position },
    { id: 'active', header: t('criteria.state'), text: (row) => (row.active ? t('criteria.on') : t('criteria.off')), cell: (row) => <Badge tone={row.active ? 'success' : 'neutral'} icon={row.active ? 'check-circle' : 'pause'}>{row.active ? t('criteria.on') : t('criteria.off')}</Badge> },
    { id: 'confidential', header: t('criteria.whoSees'), text: (row) => t(row.confidential ? 'criteria.seenByOffice' : 'criteria.seenByFacility'), cell: (row) => (row.confidential ? <Badge tone="info" icon="lock">{t('criteria.seenByOffice')}</Badge> : t('criteria.seenByFacility')) },
    { id: 'code', header: t('criteria.field.code'), hidden: true, text: (row) => row.code, cell: (row) => row.code },
  ]
  return (
    <Section title={words('questions')}>
      <p className="kern-body">{t('criteria.questionsLead')}</p>
      <div><Button small kind="secondary" icon="add" onClick={() => set({ fall: 'neu' })}>{t('criteria.add')}</Button></div>
      <WithPanel panel={open && (open === 'neu' || current) && <Panel key={open} title={current ? title(current) : t('criteria.add')} onClose={close}><Form criterion={current} onSaved={done} /></Panel>}>
        <DataTable name="kriterien" caption={words('questions')} columns={columns} list={{ items, total: items.length, isPending: query.isPending, error: query.error, refetch: query.refetch }} rowKey={(row) => row.id} rowTitle={title} openId={open ?? null} onOpen={(row) => set({ fall: row.id })} onClose={close} empty={{ title: t('criteria.empty'), text: t('criteria.emptyText') }} />
      </WithPanel>
      {bar}
    </Section>
  )
}

/** Criteria: their versions, and the questions that they are made of. */
export function CriteriaPage(): JSX.Element {
  const { t } = useTranslation('criteria')
  const to = useTo()
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <p className="kern-body"><Link to={to('/vergabe')}>{t('public')}</Link></p>
      <SetsList base={to('/verwaltung/kriterien')} />
      <Questions />
    </Page>
  )
}
