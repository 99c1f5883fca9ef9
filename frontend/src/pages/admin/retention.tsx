import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { RetentionBody, RetentionClass } from '../../api/privacy-types'
import type { Retention, SettingsBody } from '../../api/types'
import { toIso, toParts, today } from '../../lib/dates'
import { Button, DateField, ErrorState, ErrorSummary, Page, Section, Skeleton, Table, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat, useUndo } from '../../staff'

const FIELDS: (keyof Retention)[] = ['draft_days', 'unserved_months', 'contract_months', 'decision_months', 'account_months', 'undelivered_days', 'audit_months', 'job_days', 'care_sheet_days']

function Periods({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const api = useApi()
  const serverErrors = useFieldErrors()
  const kept = body.current.settings.retention
  const [values, setValues] = useState(() => Object.fromEntries(FIELDS.map((field) => [field, String(kept[field])])) as Record<keyof Retention, string>)
  const [from, setFrom] = useState(toParts(today()))
  const [tried, setTried] = useState(false)
  const send = useSend((valid_from: string) => {
    const retention = Object.fromEntries(FIELDS.map((field) => [field, Number(values[field])])) as Retention
    return api.put('/admin/settings', { valid_from, settings: { ...body.current.settings, retention } }, { version: body.version })
  })
  const own: Record<string, string> = {}
  for (const field of FIELDS) if (!/^\d+$/.test(values[field].trim())) own[`settings.retention.${field}`] = t('retention.needNumber')
  if (!toIso(from)) own['valid_from'] = t('retention.needDate')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const names = Object.fromEntries([...FIELDS.map((field) => [`settings.retention.${field}`, t(`retention.field.${field}`)]), ['valid_from', t('retention.from')]]) as Record<string, string>
  const submit = async () => {
    setTried(true)
    const valid = toIso(from)
    if (Object.keys(own).length === 0 && valid && (await send.run(valid))?.ok) onSaved()
  }
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <p className="kern-body">{t('retention.changeText')}</p>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      {FIELDS.map((field) => <TextField key={field} id={`settings.retention.${field}`} label={t(`retention.field.${field}`)} width="xs" inputMode="numeric" value={values[field]} onChange={(value) => setValues((old) => ({ ...old, [field]: value }))} error={errors[`settings.retention.${field}`]} />)}
      <DateField id="valid_from" label={t('retention.from')} value={from} onChange={setFrom} error={errors['valid_from']} />
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('retention.save')}</Button></div>
    </form>
  )
}

function Log({ body }: { body: RetentionBody }): JSX.Element {
  const { t } = useTranslation('privacy')
  const format = useFormat()
  if (body.log.length === 0) return <p className="kern-body">{t('retention.logEmpty')}</p>
  return (
    <Table cards
      caption={t('retention.log')}
      hideCaption
      rows={body.log}
      rowKey={(row) => `${row.at}${row.class}${row.deleted}`}
      columns={[
        { id: 'at', header: t('retention.at'), rowHeader: true, cell: (row) => format.dateTime(row.at) },
        { id: 'class', header: t('retention.class'), cell: (row) => t(`retention.classes.${row.class as RetentionClass}`) },
        { id: 'cutoff', header: t('retention.before'), cell: (row) => format.date(row.cutoff) },
        { id: 'deleted', header: t('retention.deleted'), numeric: true, cell: (row) => row.deleted },
      ]}
    />
  )
}

/** What is kept for how long: a dry run of tonight, the periods, and the proof log. */
export function RetentionPage(): JSX.Element {
  const { t } = useTranslation('privacy')
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const dry = useGet<RetentionBody>('/admin/retention')
  const settings = useGet<SettingsBody>('/admin/settings')
  const failed = dry.error ?? settings.error
  if (failed) return <Page title={t('retention.title')}><ErrorState problem={failed} onRetry={() => { void dry.refetch(); void settings.refetch() }} /></Page>
  if (!dry.data || !settings.data) return <Page title={t('retention.title')}><Skeleton blocks={2} lines={6} /></Page>
  return (
    <Page title={t('retention.title')} lead={t('retention.lead')} width="full">
      <Section title={t('retention.now')}>
        <p className="kp-small kp-muted">{t('retention.nowText')}</p>
        <Table cards
          caption={t('retention.now')}
          hideCaption
          rows={dry.data.classes}
          rowKey={(row) => row.class}
          columns={[
            { id: 'class', header: t('retention.class'), rowHeader: true, cell: (row) => t(`retention.classes.${row.class}`) },
            { id: 'period', header: t('retention.period'), cell: (row) => t(row.unit === 'days' ? 'retention.days' : 'retention.months', { count: row.period }) },
            { id: 'before', header: t('retention.before'), cell: (row) => format.date(row.cutoff) },
            { id: 'due', header: t('retention.due'), numeric: true, cell: (row) => (row.due > 0 ? <strong>{row.due}</strong> : t('retention.nothing')) },
            { id: 'since', header: t('retention.since'), cell: (row) => (row.since ? format.dateTime(row.since) : '–') },
          ]}
        />
      </Section>
      <Section title={t('retention.change')}>
        <Periods key={settings.data.version} body={settings.data} onSaved={() => { offer(t('retention.saved')); void refresh('/admin/') }} />
      </Section>
      <Section title={t('retention.log')}>
        <p className="kp-small kp-muted">{t('retention.logText')}</p>
        <Log body={dry.data} />
      </Section>
      {bar}
    </Page>
  )
}
