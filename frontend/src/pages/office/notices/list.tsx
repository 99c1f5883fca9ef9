import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useList } from '../../../api/hooks'
import type { Notice } from '../../../api/notice-types'
import { useTo } from '../../../app/tenant'
import { useWords } from '../../../lib/words'
import { Button, ButtonLink, Page } from '../../../ui'
import { DataTable, Due, FilterBar, useAddress, useFormat, useSorting, type Col } from '../../../staff'
import { useMayWrite } from '../rights'
import { LicenceDialog } from './licence'
import { NoticeBadge, NOTICE_KINDS, NOTICE_STATES } from './look'

/** All notices of the office by the last day to object. */
export function NoticesPage(): JSX.Element {
  const { t } = useTranslation('notices')
  const to = useTo()
  const navigate = useNavigate()
  const words = useWords()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const [licence, setLicence] = useState(false)
  const { values } = useAddress()
  const sorting = useSorting({ by: 'until', direction: 'asc' })
  const list = useList<Notice>('/office/notices', { state: values['state'], kind: values['kind'], q: values['q'], sort: sorting.sort.by, direction: sorting.sort.direction })
  const about = (row: Notice) => (row.child_label ? words.childLabel(row.child_label) : row.facility_name ?? '–')
  const columns: Col<Notice>[] = [
    { id: 'child', sort: 'child', header: t('col.child'), fixed: true, text: about, cell: about },
    { id: 'file', sort: 'file', header: t('col.file'), text: (row) => row.file_number, cell: (row) => <span className="kp-nowrap">{row.file_number}</span> },
    { id: 'kind', header: t('col.kind'), text: (row) => t(`kind.${row.kind}`), cell: (row) => t(`kind.${row.kind}`) },
    { id: 'state', header: t('col.state'), text: (row) => t(`state.${row.state}`), cell: (row) => <NoticeBadge state={row.state} /> },
    { id: 'posted', sort: 'posted', header: t('col.posted'), text: (row) => row.posted_on, cell: (row) => (row.posted_on ? <span className="kp-num">{format.date(row.posted_on)}</span> : '–') },
    { id: 'until', sort: 'until', header: t('col.until'), text: (row) => row.objection_until, cell: (row) => (row.state === 'issued' || row.state === 'served' ? <Due on={row.objection_until} /> : row.objection_until ? <span className="kp-num">{format.date(row.objection_until)}</span> : '–') },
    { id: 'reference', header: t('col.reference'), hidden: true, text: (row) => row.reference_code, cell: (row) => row.reference_code ?? '–' },
  ]
  return (
    <Page title={t('title')} lead={t('lead')} width="full">
      <div className="kp-actions">
        <ButtonLink small kind="secondary" to={to('/amt/bescheid-vorlagen')}>{t('templates.title')}</ButtonLink>
        {mayWrite && <Button small kind="secondary" icon="add" onClick={() => setLicence(true)}>{t('licence.begin')}</Button>}
      </div>
      {licence && <LicenceDialog onClose={() => setLicence(false)} />}
      <FilterBar name="notices" search={t('search')} filters={[{ name: 'kind', label: t('col.kind'), kind: 'many', options: NOTICE_KINDS.map((value) => ({ value, label: t(`kind.${value}`) })) }, { name: 'state', label: t('col.state'), kind: 'many', options: NOTICE_STATES.map((value) => ({ value, label: t(`state.${value}`) })) }]} />
      <DataTable
        name="bescheide"
        caption={t('title')}
        columns={columns}
        list={list}
        sorting={sorting}
        rowKey={(row) => row.id}
        rowTitle={about}
        onOpen={(row) => void navigate(to(`/amt/bescheide/${row.id}`))}
        filteredBy={['q', 'kind', 'state']}
        empty={{ title: t('empty'), text: t('emptyText') }}
      />
    </Page>
  )
}
