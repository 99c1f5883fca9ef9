import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../../api/context'
import { useIdempotencyKey, useList, useRefresh, useSend } from '../../../api/hooks'
import type { LicenceKind, LicenceNoticeInput, Notice } from '../../../api/notice-types'
import type { ListedFacility } from '../../../api/types'
import { useTo } from '../../../app/tenant'
import { EMPTY_DATE, toIso } from '../../../lib/dates'
import { Button, DateField, Dialog, ErrorSummary, RadioGroup, Select, TextField, useFieldErrors } from '../../../ui'
import { namedSummary } from '../../../staff'

const KINDS: LicenceKind[] = ['licence_grant', 'licence_refusal', 'licence_end']
const number = (text: string): number | null => (/^\d{1,2}$/.test(text.trim()) ? Number(text) : null)

/** A notice on the licence of a childminder (§ 43 SGB VIII): granted, refused or ended. */
export function LicenceDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useTranslation('notices')
  const { t: common } = useTranslation()
  const api = useApi()
  const to = useTo()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const people = useList<ListedFacility>('/admin/facilities', { kind: 'childminder', limit: '200' })
  const [kind, setKind] = useState<LicenceKind>('licence_grant')
  const [who, setWho] = useState('')
  const [from, setFrom] = useState(EMPTY_DATE)
  const [until, setUntil] = useState(EMPTY_DATE)
  const [places, setPlaces] = useState('5')
  const [total, setTotal] = useState('')
  const [file, setFile] = useState('')
  const grants = kind === 'licence_grant'
  const send = useSend(async (input: LicenceNoticeInput) => {
    const made = await api.post<Notice>('/office/notices', input, { idempotencyKey: key() })
    await refresh('/office/notices')
    await navigate(to(`/amt/bescheide/${made.id}`))
  })
  const errors = serverErrors(send.error)
  const change = <V,>(set: (value: V) => void) => (value: V) => { renew(); set(value) }
  const submit = () => void send.run({
    kind,
    file_number: file.trim() || null,
    facility_id: who || null,
    licence_from: grants ? toIso(from) : null,
    licence_until: kind === 'licence_refusal' ? null : toIso(until),
    licence_places: grants ? number(places) : null,
    licence_total: grants ? number(total) : null,
  })
  const names = { facility_id: t('licence.who'), licence_from: t('licence.from'), licence_until: t('licence.until'), licence_places: t('licence.places'), licence_total: t('licence.total'), file_number: t('draft.file') }
  return (
    <Dialog open title={t('licence.title')} onClose={onClose} footer={<><Button busy={send.busy} onClick={submit}>{t('draft.send')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <div className="kp-stack kp-stack--small">
        <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
        <RadioGroup id="kind" label={t('draft.kind')} value={kind} onChange={change(setKind)} options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} />
        <Select id="facility_id" label={t('licence.who')} empty={t('draft.choose')} value={who} onChange={change(setWho)} error={errors['facility_id'] ?? null} options={people.items.map((one) => ({ value: one.id, label: one.name }))} />
        {grants && <DateField id="licence_from" label={t('licence.from')} value={from} onChange={change(setFrom)} error={errors['licence_from'] ?? null} />}
        {kind !== 'licence_refusal' && <DateField id="licence_until" label={t('licence.until')} hint={t(grants ? 'licence.untilHint' : 'licence.endHint')} optional={grants} value={until} onChange={change(setUntil)} error={errors['licence_until'] ?? null} />}
        {grants && <TextField id="licence_places" label={t('licence.places')} hint={t('licence.placesHint')} width="xs" inputMode="numeric" value={places} onChange={change(setPlaces)} error={errors['licence_places'] ?? null} />}
        {grants && <TextField id="licence_total" label={t('licence.total')} hint={t('licence.totalHint')} optional width="xs" inputMode="numeric" value={total} onChange={change(setTotal)} error={errors['licence_total'] ?? null} />}
        <TextField id="file_number" label={t('draft.file')} hint={t('draft.fileHint')} optional width="md" maxLength={60} value={file} onChange={change(setFile)} error={errors['file_number'] ?? null} />
      </div>
    </Dialog>
  )
}
