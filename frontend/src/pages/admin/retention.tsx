import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useGet, useRefresh } from '../../api/hooks'
import type { RetentionBody, RetentionClass } from '../../api/privacy-types'
import type { Retention, SettingsBody } from '../../api/types'
import { ErrorState, Page, Section, Skeleton, Table } from '../../ui'
import { EarlierVersions, useFormat, useUndo } from '../../staff'
import { SettingsGroup } from './settings-group'

const FIELDS = ['draft_days', 'unserved_months', 'contract_months', 'decision_months', 'account_months', 'undelivered_days', 'audit_months', 'job_days', 'care_sheet_days', 'survey_days'] as const

function Periods({ body, onSaved }: { body: SettingsBody; onSaved: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const numbers = Object.fromEntries(FIELDS.map((field) => [field, { label: t(`retention.field.${field}`) }])) as Record<keyof Retention, { label: string }>
  return <SettingsGroup body={body} group="retention" numbers={numbers} intro={<p className="kern-body">{t('retention.changeText')}</p>} onSaved={onSaved} />
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
  const { t: admin } = useTranslation('admin')
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
        <Periods body={settings.data} onSaved={() => { offer(admin('group.saved')); void refresh('/admin/') }} />
        <EarlierVersions query={{ kind: 'settings' }} group="retention" />
      </Section>
      <Section title={t('retention.log')}>
        <p className="kp-small kp-muted">{t('retention.logText')}</p>
        <Log body={dry.data} />
      </Section>
      {bar}
    </Page>
  )
}
