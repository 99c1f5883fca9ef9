import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useRefresh } from '../../api/hooks'
import type { Answers, SurveyChild, SurveyChildren } from '../../api/statistics-types'
import { useTo } from '../../app/tenant'
import { useWords } from '../../lib/words'
import { Button, EmptyState, ErrorState, ErrorSummary, Page, Select, Skeleton, Table } from '../../ui'
import { namedSummary, useUndo, useVersioned } from '../../staff'
import { useYear, YearChoice } from './year'
import './statistics.css'

type Value = Record<string, Answers>
type Asked = Exclude<keyof Answers, 'days_per_week' | 'grade'>
const ASKED = ['meals', 'attends_school', 'foreign_origin', 'german_at_home', 'integration_help'] as const satisfies readonly Asked[]
const OF_HOMES = ['related', 'other_care'] as const satisfies readonly Asked[]
const DAYS = [1, 2, 3, 4, 5, 6, 7]
const GRADES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]

const valueOf = (list: SurveyChildren): Value => Object.fromEntries(list.items.map((child) => [child.child_id, child.answers]))
const word = (answer: boolean | null): string => (answer === null ? '' : answer ? 'yes' : 'no')

function ChildrenForm({ path, list, onSaved }: { path: string; list: SurveyChildren; onSaved: () => Promise<void> }): JSX.Element {
  const { t } = useTranslation('statistics')
  const words = useWords()
  const api = useApi()
  const start = valueOf(list)
  const asked: readonly Asked[] = list.part === 'childminding' ? [...ASKED, ...OF_HOMES] : ASKED
  const name = (child: SurveyChild): string => words.childLabel(child.label)
  const form = useVersioned<Value>({
    start: { value: start, version: list.version },
    // Only who changed: the others stay as somebody else may have written them.
    save: (value, version) => api.patch(path, {
      children: Object.entries(value).filter(([id, answers]) => JSON.stringify(answers) !== JSON.stringify(start[id])).map(([child_id, answers]) => ({ child_id, answers })),
    }, { version }),
    newest: async () => { const now = await api.get<SurveyChildren>(path); return { value: valueOf(now), version: now.version } },
    labels: Object.fromEntries(list.items.map((child) => [child.child_id, name(child)])),
    show: (_, answers) => [answers.days_per_week, answers.grade, ...asked.map((one) => (answers[one] === null ? '–' : t(answers[one] ? 'children.yes' : 'children.no')))].join(', '),
    onSaved,
  })
  const { value } = form
  // A large house is entered group by group; what was typed for the others stays.
  const [group, setGroup] = useState('')
  const groups = [...new Set(list.items.flatMap((child) => child.group_name ?? []))].sort((a, b) => a.localeCompare(b))
  const shown = list.items.filter((child) => group === '' || child.group_name === group)
  const set = (child: SurveyChild, patch: Partial<Answers>) => form.set({ [child.child_id]: { ...(value[child.child_id] ?? child.answers), ...patch } })
  // What is nearly always the same is filled in once; never what is about origin, language or help.
  const fill = (patch: Partial<Answers>) => form.set(Object.fromEntries(shown.map((child) => {
    const now = value[child.child_id] ?? child.answers
    return [child.child_id, { ...now, ...Object.fromEntries(Object.entries(patch).filter(([field]) => now[field as keyof Answers] === null)) }]
  })))
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(form.errors, {})} problem={form.problem} />
      {groups.length > 1 && <div className="kp-row"><Select id="group" label={t('children.group')} value={group} empty={t('children.allGroups')} onChange={setGroup} options={groups.map((one) => ({ value: one, label: one }))} /></div>}
      <div className="kp-actions">
        <Button small kind="secondary" onClick={() => fill({ days_per_week: 5 })}>{t('children.fill.days')}</Button>
        <Button small kind="secondary" onClick={() => fill({ meals: true })}>{t('children.fill.meals')}</Button>
        <Button small kind="secondary" onClick={() => fill({ attends_school: false })}>{t('children.fill.school')}</Button>
      </div>
      <div className="kp-survey">
        <Table cards
          caption={t('children.title')}
          hideCaption
          rows={shown}
          rowKey={(child) => child.child_id}
          columns={[
            { id: 'child', header: t('children.child'), rowHeader: true, cell: (child) => <>{name(child)}{child.group_name && <span className="kp-muted"> · {child.group_name}</span>}</> },
            {
              id: 'days', header: t('children.field.days_per_week'), cell: (child) => (
                <select aria-label={t('children.of', { field: t('children.field.days_per_week'), child: name(child) })} value={value[child.child_id]?.days_per_week ?? ''} onChange={(event) => set(child, { days_per_week: event.target.value ? Number(event.target.value) : null })}>
                  <option value="">{t('children.none')}</option>
                  {DAYS.map((n) => <option key={n} value={n}>{n}</option>)}
                </select>
              ),
            },
            ...(list.part === 'facilities' ? [{
              id: 'grade', header: t('children.field.grade'), cell: (child: SurveyChild) => value[child.child_id]?.attends_school && (
                <select aria-label={t('children.of', { field: t('children.field.grade'), child: name(child) })} value={value[child.child_id]?.grade ?? ''} onChange={(event) => set(child, { grade: event.target.value ? Number(event.target.value) : null })}>
                  <option value="">{t('children.none')}</option>
                  {GRADES.map((n) => <option key={n} value={n}>{n}</option>)}
                </select>
              ),
            }] : []),
            ...asked.map((field) => ({
              id: field, header: t(`children.field.${field}`), cell: (child: SurveyChild) => (
                <select aria-label={t('children.of', { field: t(`children.field.${field}`), child: name(child) })} value={word(value[child.child_id]?.[field] ?? null)} onChange={(event) => set(child, { [field]: event.target.value === '' ? null : event.target.value === 'yes' })}>
                  <option value="">{t('children.none')}</option>
                  <option value="yes">{t('children.yes')}</option>
                  <option value="no">{t('children.no')}</option>
                </select>
              ),
            })),
          ]}
        />
      </div>
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('entry.save')}</Button></div>
    </form>
  )
}

/** What is entered of the children for the statistics of a key date. */
export function SurveyChildrenPage({ area }: { area: 'arbeit' | 'amt' }): JSX.Element {
  const { t } = useTranslation('statistics')
  const { facility = '' } = useParams()
  const to = useTo()
  const year = useYear()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const path = `/staff/facilities/${facility}/survey/children`
  const query = useGet<SurveyChildren>(path, { year })
  const list = query.data
  return (
    <Page title={list ? t('children.titleOf', { name: list.name }) : t('children.title')} lead={t('children.lead')} width="full" back={{ to: to(`/${area}/statistik/${facility}?year=${year}`), label: t('entry.title') }}>
      <YearChoice />
      {query.isPending && <Skeleton blocks={2} lines={6} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {list && list.items.length === 0 && <EmptyState title={t('missing.no_children')} />}
      {list && list.items.length > 0 && <ChildrenForm key={year} path={`${path}?year=${year}`} list={list} onSaved={async () => { offer(t('entry.saved')); await refresh('/staff', '/office/statistics') }} />}
      {bar}
    </Page>
  )
}
