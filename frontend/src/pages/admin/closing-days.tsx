import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { ClosingDay, Items } from '../../api/types'
import { EMPTY_DATE, formatWeekday, toIso, type DateParts } from '../../lib/dates'
import { Button, DateField, ErrorSummary, Page, ProblemView, Section, TextField, useFieldErrors } from '../../ui'
import { HolidayButtons } from './holidays'
import { DataTable, EarlierVersions, FacilityPicker, FilterBar, hasWords, namedSummary, namesOf, useAddress, useUndo, type Col, type Filter, type Picked } from '../../staff'

function AddForm({ onAdded }: { onAdded: () => void }): JSX.Element {
  const { t } = useTranslation('admin')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [day, setDay] = useState<DateParts>(EMPTY_DATE)
  const [note, setNote] = useState('')
  const [facility, setFacility] = useState<Picked | null>(null)
  const [tried, setTried] = useState(false)
  const send = useSend(() => api.post('/admin/closing-days', { day: toIso(day), note: note.trim(), facility_id: facility?.id ?? null }, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!toIso(day)) own['day'] = t('needDate')
  if (!note.trim()) own['note'] = t('closing.needNote')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (!answer?.ok) return
    renew(); setDay(EMPTY_DATE); setNote(''); setTried(false); onAdded()
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { day: t('closing.day'), note: t('closing.note') })} problem={send.error} />
      <DateField id="day" label={t('closing.day')} value={day} onChange={(value) => { renew(); setDay(value) }} error={errors['day']} />
      <TextField id="note" label={t('closing.note')} hint={t('closing.noteHint')} maxLength={200} value={note} onChange={(value) => { renew(); setNote(value) }} error={errors['note']} />
      <FacilityPicker id="facility_id" label={t('closing.facility')} hint={t('closing.facilityHint')} optional value={facility} onChange={(value) => { renew(); setFacility(value) }} error={errors['facility_id']} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('closing.add')}</Button></div>
    </form>
  )
}

export function ClosingDaysPage(): JSX.Element {
  const { t, i18n } = useTranslation('admin')
  const { t: setup } = useTranslation('setup')
  const { t: versions } = useTranslation('versions')
  const api = useApi()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<Items<ClosingDay>>('/admin/closing-days')
  const { values } = useAddress()
  const all = [...(query.data?.items ?? [])].sort((a, b) => a.day.localeCompare(b.day))
  const years = [...new Set(all.map((row) => row.day.slice(0, 4)))]
  const filters: Filter[] = [
    { name: 'year', label: t('closing.year'), kind: 'one', options: years.map((value) => ({ value, label: value })) },
    { name: 'for', label: t('closing.for'), kind: 'one', options: [{ value: 'all', label: t('closing.all') }, { value: 'one', label: t('closing.one') }] },
  ]
  const items = all.filter((row) => hasWords(row.note, values['q']) && row.day.startsWith(values['year'] ?? '') && (!values['for'] || (values['for'] === 'one') === (row.facility_id !== null)))
  const reload = () => refresh('/admin/closing-days', '/admin/versions')
  const remove = useSend((row: ClosingDay) => api.delete(`/admin/closing-days/${row.id}`))
  const onRemove = async (row: ClosingDay) => {
    const answer = await remove.run(row)
    await reload()
    if (!answer?.ok) return
    const back = crypto.randomUUID()
    offer(t('closing.removed'), async () => { await api.post('/admin/closing-days', { day: row.day, note: row.note, facility_id: row.facility_id }, { idempotencyKey: back }); await reload() })
  }
  const columns: Col<ClosingDay>[] = [
    { id: 'day', header: t('closing.day'), fixed: true, text: (row) => row.day, cell: (row) => formatWeekday(row.day, i18n.language) },
    { id: 'note', header: t('closing.note'), text: (row) => row.note, cell: (row) => row.note },
    { id: 'scope', header: t('closing.for'), text: (row) => (row.facility_id ? t('closing.one') : t('closing.all')), cell: (row) => (row.facility_id ? t('closing.one') : t('closing.all')) },
    { id: 'act', header: t('action'), fixed: true, cell: (row) => <Button small kind="tertiary" onClick={() => void onRemove(row)} aria-label={t('closing.removeFor', { day: formatWeekday(row.day, i18n.language) })}>{t('closing.remove')}</Button> },
  ]
  return (
    <Page title={t('closing.title')} lead={t('closing.lead')} width="full">
      <ProblemView problem={remove.error} />
      <FilterBar name="closing-days" filters={filters} search={t('closing.note')} />
      <DataTable name="schliesstage" caption={t('closing.title')} columns={columns} list={{ items, total: items.length, isPending: query.isPending, error: query.error, refetch: query.refetch }} rowKey={(row) => row.id} filteredBy={namesOf(filters)} empty={{ title: t('closing.empty'), text: t('closing.emptyText') }} />
      <Section title={setup('holidays.title')}><p className="kern-body">{setup('holidays.text')}</p><HolidayButtons onClosed={offer} /></Section>
      <Section title={t('closing.add')}><div className="kp-page--text"><AddForm onAdded={() => { offer(t('closing.added')); void reload() }} /></div></Section>
      <EarlierVersions
        query={{ kind: 'closing_days' }}
        what={(version) => (version.subject ? versions('forOne', { name: version.about ?? t('closing.one') }) : versions('forAll'))}
        restore={(version) => api.post('/admin/closing-days/restored', { facility_id: version.subject || null, number: version.number }, { idempotencyKey: crypto.randomUUID() })}
        onRestored={(message) => { offer(message); void reload() }}
      />
      {bar}
    </Page>
  )
}
