import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import type { NeedsPlan, Population } from '../../api/planning-types'
import { useGet, useRefresh } from '../../api/hooks'
import { useTo } from '../../app/tenant'
import { toIso, toParts, type DateParts } from '../../lib/dates'
import { Actions, Alert, Button, DateField, ErrorState, ErrorSummary, Page, Skeleton, TextArea, TextField } from '../../ui'
import { namedSummary, useVersioned } from '../../staff'

const TARGETS = ['target_under3', 'target_over3', 'target_school_age'] as const
type Content = { as_of: DateParts; target_under3: string; target_over3: string; target_school_age: string; text: string }

const toContent = (plan: NeedsPlan): Content => ({
  as_of: toParts(plan.as_of), target_under3: String(plan.target_under3), target_over3: String(plan.target_over3), target_school_age: String(plan.target_school_age),
  text: plan.population.map((row) => [row.area, row.birth_year, row.children].join(';')).join('\n'),
})

/** One line a row: area;birth year;children. The number of the first line that is none of it. */
function readRows(text: string): { rows: Population[]; broken: number | null } {
  const lines = text.split('\n').map((line, n) => [line.trim(), n + 1] as const).filter(([line]) => line)
  const rows: Population[] = []
  for (const [line, n] of lines) {
    const [area = '', year = '', children = ''] = line.split(/[;\t]/).map((part) => part.trim())
    if (!/^\d{4}$/.test(year) || !/^\d{1,7}$/.test(children)) return { rows, broken: n }
    rows.push({ area, birth_year: Number(year), children: Number(children) })
  }
  return { rows, broken: null }
}

function Form({ plan, onSaved }: { plan: NeedsPlan; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('planning')
  const api = useApi()
  const [tried, setTried] = useState(false)
  const path = '/office/planning/basis'
  const labels = { as_of: t('basis.asOf'), target_under3: t('basis.target_under3'), target_over3: t('basis.target_over3'), target_school_age: t('basis.target_school_age'), text: t('basis.rows') }
  const form = useVersioned<Content>({
    start: { value: toContent(plan), version: plan.version },
    save: (value, version) => api.put(path, { as_of: toIso(value.as_of), ...Object.fromEntries(TARGETS.map((name) => [name, Number(value[name])])), population: readRows(value.text).rows }, { version }),
    newest: async () => { const now = await api.get<NeedsPlan>(path); return { value: toContent(now), version: now.version } },
    labels,
    show: (field, value) => (field === 'as_of' ? toIso(value as DateParts) ?? '' : String(value)),
    onSaved,
  })
  const { rows, broken } = readRows(form.value.text)
  const own: Record<string, string> = {}
  if (!toIso(form.value.as_of)) own['as_of'] = t('basis.needDay')
  if (broken !== null) own['text'] = t('basis.broken', { line: broken })
  for (const name of TARGETS) if (!/^\d{1,3}$/.test(form.value[name])) own[name] = t('basis.needPercent')
  const server = Object.fromEntries(Object.entries(form.errors).map(([key, words]) => {
    const at = /^population\.(\d+)/.exec(key)
    return at ? ['text', t('basis.brokenRow', { line: Number(at[1]) + 1, words })] : [key, words]
  }))
  const errors: Record<string, string> = { ...server, ...(tried ? own : {}) }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); setTried(true); if (Object.keys(own).length === 0) void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(errors, labels)} problem={Object.keys(errors).length > 0 ? null : form.problem} />
      <DateField id="as_of" label={labels.as_of} hint={t('basis.asOfHint')} value={form.value.as_of} onChange={(as_of) => form.set({ as_of })} error={errors['as_of']} />
      {TARGETS.map((name) => <TextField key={name} id={name} label={labels[name]} width="xs" inputMode="numeric" value={form.value[name]} onChange={(value) => form.set({ [name]: value })} error={errors[name]} />)}
      <TextArea id="text" label={labels.text} hint={t('basis.rowsHint')} rows={12} spellCheck={false} value={form.value.text} onChange={(text) => form.set({ text })} error={errors['text']} />
      <p className="kp-small kp-muted">{t('basis.count', { count: rows.length })}</p>
      <Actions><Button type="submit" busy={form.busy}>{t('basis.save')}</Button></Actions>
    </form>
  )
}

/** What planning stands on: children by planning area and birth year, and the shares to be provided for. */
export function PlanningBasisPage(): JSX.Element {
  const { t } = useTranslation('planning')
  const to = useTo()
  const refresh = useRefresh()
  const [done, setDone] = useState(false)
  const query = useGet<NeedsPlan>('/office/planning/basis')
  const saved = () => { setDone(true); void refresh('/office/planning') }
  return (
    <Page title={t('basis.title')} lead={t('basis.lead')} back={{ to: to('/amt/planung'), label: t('title') }}>
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={8} />}
      {done && <Alert tone="success" live title={t('basis.saved')} />}
      {query.data && <Form plan={query.data} onSaved={saved} />}
    </Page>
  )
}
