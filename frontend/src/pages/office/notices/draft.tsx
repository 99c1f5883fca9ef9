import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../../api/context'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../../api/hooks'
import type { Notice, NoticeInput, NoticeKind } from '../../../api/notice-types'
import type { OfficeDemandDetail } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { toIso, toParts } from '../../../lib/dates'
import { Button, DateField, ErrorSummary, Link, ProblemView, RadioGroup, Section, Select, TextField, useFieldErrors } from '../../../ui'
import { namedSummary, useFormat } from '../../../staff'
import { useMayWrite } from '../rights'
import { NoticeBadge } from './look'

const OF_CLAIM: NoticeKind[] = ['refusal', 'assignment']
const WITHOUT_CLAIM: NoticeKind[] = ['voucher', 'waiver', 'waiver_refusal']

function DraftForm({ demand, onCancel }: { demand: OfficeDemandDetail; onCancel: () => void }): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const kinds = demand.legal_claim ? [...OF_CLAIM, ...WITHOUT_CLAIM] : WITHOUT_CLAIM
  const [kind, setKind] = useState<NoticeKind>(demand.legal_claim ? 'refusal' : 'voucher')
  const [file, setFile] = useState('')
  const [facility, setFacility] = useState('')
  const [from, setFrom] = useState(toParts(demand.desired_start))
  const send = useSend(async (input: NoticeInput) => {
    const made = await api.post<Notice>('/office/notices', input, { idempotencyKey: key() })
    await refresh('/office/notices')
    await navigate(to(`/amt/bescheide/${made.id}`))
  })
  const assigns = kind === 'assignment'
  const begins = assigns || kind === 'voucher'
  const errors = serverErrors(send.error)
  const submit = () => void send.run({ demand_id: demand.id, kind, file_number: file.trim() || null, facility_id: assigns ? facility || null : null, care_from: begins ? toIso(from) : null })
  const change = <V,>(set: (value: V) => void) => (value: V) => { renew(); set(value) }
  return (
    <form className="kp-stack kp-stack--small" noValidate onSubmit={(event) => { event.preventDefault(); submit() }}>
      <ErrorSummary errors={namedSummary(errors, { facility_id: t('draft.facility'), care_from: t('draft.from'), file_number: t('draft.file') })} problem={send.error} />
      <RadioGroup id="kind" label={t('draft.kind')} value={kind} onChange={change(setKind)} options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))} />
      {(kind === 'waiver' || kind === 'waiver_refusal') && <p className="kp-small kp-muted">{t('draft.waiverHint')}</p>}
      {assigns && <Select id="facility_id" label={t('draft.facility')} hint={t('draft.facilityHint')} empty={t('draft.choose')} value={facility} onChange={change(setFacility)} error={errors['facility_id'] ?? null} options={demand.preferences.map((wish) => ({ value: wish.facility_id, label: wish.facility_name }))} />}
      {begins && <DateField id="care_from" label={t('draft.from')} value={from} onChange={change(setFrom)} error={errors['care_from'] ?? null} />}
      <TextField id="file_number" label={t('draft.file')} hint={t('draft.fileHint')} optional width="md" maxLength={60} value={file} onChange={change(setFile)} error={errors['file_number'] ?? null} />
      <div className="kp-actions"><Button small type="submit" busy={send.busy}>{t('draft.send')}</Button><Button small kind="secondary" onClick={onCancel}>{common('action.cancel')}</Button></div>
    </form>
  )
}

/** The notices about a demand, and the way to a new one. */
export function NoticesSection({ demand }: { demand: OfficeDemandDetail }): JSX.Element {
  const { t } = useTranslation('notices')
  const to = useTo()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const [drafting, setDrafting] = useState(false)
  const list = useList<Notice>('/office/notices', { demand_id: demand.id })
  return (
    <Section title={t('title')}>
      <ProblemView problem={list.error} />
      {list.items.length === 0 && !list.isPending && <p className="kern-body">{t('section.none')}</p>}
      {list.items.length > 0 && (
        <ul className="kp-plain-list kp-stack kp-stack--small">
          {list.items.map((notice) => (
            <li key={notice.id}>
              <Link to={to(`/amt/bescheide/${notice.id}`)}>{t(`kind.${notice.kind}`)}, {notice.file_number}</Link> <NoticeBadge state={notice.state} />
              {notice.objection_until && <div className="kp-small">{t('section.until', { date: format.date(notice.objection_until) })}</div>}
            </li>
          ))}
        </ul>
      )}
      {!demand.legal_claim && <p className="kp-small kp-muted">{t('section.noClaim')}</p>}
      {mayWrite && (drafting
        ? <DraftForm demand={demand} onCancel={() => setDrafting(false)} />
        : <div className="kp-actions"><Button small kind="secondary" onClick={() => setDrafting(true)}>{t('section.draft')}</Button></div>)}
    </Section>
  )
}
