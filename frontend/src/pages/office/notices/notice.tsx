import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useApi } from '../../../api/context'
import { useGet, useRefresh } from '../../../api/hooks'
import type { NoticeDetail, NoticeText } from '../../../api/notice-types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Button, ErrorState, ErrorSummary, Facts, Link, Page, Section, Skeleton, type Fact } from '../../../ui'
import { Due, namedSummary, useFormat, useUndo, useVersioned } from '../../../staff'
import { useMayWrite } from '../rights'
import { NoticeBadge } from './look'
import { NoticeSteps } from './steps'
import { SumsFrom, SumsOwed } from './sums'
import { NoticeFields, Paragraphs } from './text-form'

function Edit({ notice, onDone }: { notice: NoticeDetail; onDone: (saved: boolean) => void }): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const refresh = useRefresh()
  const path = `/office/notices/${notice.id}`
  const labels = { title: t('text.title'), decision: t('text.decision'), reasons: t('text.reasons'), remedy: t('text.remedy'), objection_months: t('text.months') }
  const form = useVersioned<NoticeText>({
    start: { value: notice.text, version: notice.version },
    save: (text, version) => api.put(path, text, { version }),
    newest: async () => { const now = await api.get<NoticeDetail>(path); return { value: now.text, version: now.version } },
    labels,
    onSaved: async () => { await refresh('/office/notices'); onDone(true) },
  })
  return (
    <form className="kp-stack" noValidate onSubmit={(event) => { event.preventDefault(); void form.submit() }}>
      {form.conflict}
      <ErrorSummary errors={namedSummary(form.errors, labels)} problem={form.problem} />
      <NoticeFields value={form.value} errors={form.errors} onChange={form.set} />
      <div className="kp-actions"><Button type="submit" busy={form.busy}>{t('save')}</Button><Button kind="secondary" onClick={() => onDone(false)}>{common('action.cancel')}</Button></div>
    </form>
  )
}

function useNoticeFacts(notice: NoticeDetail | undefined): Fact[] {
  const { t } = useTranslation('notices')
  const format = useFormat()
  const to = useTo()
  if (!notice) return []
  const day = (id: string, term: string, on: string | null): Fact[] => (on ? [{ id, term, value: format.date(on) }] : [])
  const running = notice.state === 'issued' || notice.state === 'served'
  return [
    { id: 'file', term: t('col.file'), value: notice.file_number },
    ...(notice.demand_id ? [{ id: 'demand', term: t('col.reference'), value: <Link to={to(`/amt/bedarfe/${notice.demand_id}`)}>{notice.reference_code ?? '–'}</Link> }] : []),
    ...(notice.facility_name ? [{ id: 'facility', term: notice.child_id ? t('draft.facility') : t('licence.who'), value: notice.facility_name }] : []),
    ...day('from', t('draft.from'), notice.care_from),
    ...day('licence_from', t('licence.from'), notice.licence_from),
    ...day('licence_until', t('licence.until'), notice.licence_until),
    ...(notice.licence_places ? [{ id: 'places', term: t('licence.places'), value: String(notice.licence_places) }] : []),
    ...(notice.licence_total ? [{ id: 'total', term: t('licence.total'), value: String(notice.licence_total) }] : []),
    ...(notice.replaces ? [{ id: 'replaces', term: t('fact.replaces'), value: notice.replaces }] : []),
    ...(notice.replaced_by ? [{ id: 'replaced_by', term: t('fact.replacedBy'), value: notice.replaced_by }] : []),
    { id: 'drafted', term: t('fact.drafted'), value: t('fact.by', { name: notice.drafted_by, date: format.dateTime(notice.drafted_at) }) },
    ...(notice.approved_by ? [{ id: 'approved', term: t('fact.approved'), value: t('fact.by', { name: notice.approved_by, date: format.dateTime(notice.approved_at) }) }] : []),
    ...day('posted', t('col.posted'), notice.posted_on),
    ...day('served', t('fact.served'), notice.served_on),
    ...(notice.objection_until ? [{ id: 'until', term: t('col.until'), value: running ? <Due on={notice.objection_until} /> : format.date(notice.objection_until) }] : []),
    ...(notice.objected_on ? [{ id: 'objected', term: t('fact.objected'), value: `${format.date(notice.objected_on)}${notice.objected_late ? `, ${t('fact.late')}` : ''}${notice.objection_note ? `\n${notice.objection_note}` : ''}` }] : []),
    ...(notice.decided_on && notice.outcome ? [{ id: 'decided', term: t('fact.decided'), value: `${format.date(notice.decided_on)}, ${t(`outcome.${notice.outcome}`)}${notice.outcome_note ? `\n${notice.outcome_note}` : ''}` }] : []),
    { id: 'template', term: t('fact.template'), value: notice.template_version ? t('fact.version', { version: notice.template_version }) : t('fact.first') },
  ]
}

/** One notice: its words, its dates, and what can be done with it. */
export function NoticePage(): JSX.Element {
  const { t } = useTranslation('notices')
  const { notice: id = '' } = useParams()
  const to = useTo()
  const words = useWords()
  const mayWrite = useMayWrite()
  const { offer: say, bar } = useUndo()
  const [editing, setEditing] = useState(false)
  const query = useGet<NoticeDetail>(`/office/notices/${encodeURIComponent(id)}`)
  const notice = query.data
  const facts = useNoticeFacts(notice)
  const back = { to: to('/amt/bescheide'), label: t('title') }
  if (!notice) {
    return (
      <Page title={t('one')} back={back} width="full">
        {query.error ? <ErrorState problem={query.error} onRetry={() => void query.refetch()} /> : <Skeleton blocks={2} lines={5} />}
      </Page>
    )
  }
  return (
    <Page title={t('heading', { kind: t(`kind.${notice.kind}`), child: notice.child_label ? words.childLabel(notice.child_label) : notice.facility_name ?? '' })} back={back} width="full">
      <div className="kp-row"><NoticeBadge state={notice.state} /></div>
      {mayWrite && !editing && <NoticeSteps notice={notice} onDone={say} onReload={() => void query.refetch()} />}
      <div className="kp-columns">
        <Section title={t('words')}>
          {editing
            ? <Edit notice={notice} onDone={(saved) => { setEditing(false); if (saved) say(t('done.saved')) }} />
            : (
              <>
                <h3 className="kern-title">{notice.text.title}</h3>
                <Paragraphs text={notice.text.decision} />
                {notice.sums && <SumsOwed sums={notice.sums} />}
                <h4 className="kern-title kern-title--small">{t('text.reasons')}</h4>
                <Paragraphs text={notice.text.reasons} />
                {notice.sums && <SumsFrom sums={notice.sums} />}
                <h4 className="kern-title kern-title--small">{t('text.remedy')}</h4>
                <Paragraphs text={notice.text.remedy} />
                {mayWrite && notice.state === 'drafted' && <div className="kp-actions"><Button small kind="secondary" icon="edit" onClick={() => setEditing(true)}>{t('act.edit')}</Button></div>}
              </>
            )}
        </Section>
        <Section title={t('facts')}><Facts items={facts} /></Section>
      </div>
      {bar}
    </Page>
  )
}
