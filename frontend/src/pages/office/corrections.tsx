import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import type { CustodyTime } from '../../api/privacy-types'
import { LANGUAGES, LANGUAGE_NAMES, isLanguage } from '../../i18n'
import { useTo } from '../../app/tenant'
import { Button, Checkbox, Dialog, ErrorSummary, Link, Select, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

type Contact = NonNullable<CustodyTime['contact']>

function GuardianDialog({ row, contact, onClose, onDone }: { row: CustodyTime; contact: Contact; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: common } = useTranslation()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [values, setValues] = useState({ first_name: contact.first_name, last_name: contact.last_name, phone: contact.phone ?? '', email: contact.email ?? '', language: contact.language })
  const set = (patch: Partial<typeof values>) => setValues((old) => ({ ...old, ...patch }))
  const send = useSend(() => api.put(`/office/guardians/${row.guardian_id}`, { ...values, phone: values.phone.trim() || null, email: values.email.trim() || null }, { version: contact.version }))
  const errors = serverErrors(send.error)
  const names = { first_name: t('custody.firstName'), last_name: t('custody.lastName'), phone: t('custody.phone'), email: t('custody.email'), language: t('correction.language') }
  const submit = async () => { if ((await send.run())?.ok) onDone() }
  return (
    <Dialog open title={t('correction.guardianFor', { name: row.name })} onClose={onClose} footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('correction.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      <TextField id="first_name" label={names.first_name} value={values.first_name} onChange={(first_name) => set({ first_name })} error={errors['first_name']} autoComplete="off" />
      <TextField id="last_name" label={names.last_name} value={values.last_name} onChange={(last_name) => set({ last_name })} error={errors['last_name']} autoComplete="off" />
      <TextField id="phone" type="tel" label={names.phone} optional value={values.phone} onChange={(phone) => set({ phone })} error={errors['phone']} autoComplete="off" />
      <TextField id="email" type="email" label={names.email} optional value={values.email} onChange={(email) => set({ email })} error={errors['email']} autoComplete="off" />
      <Select id="language" label={names.language} value={isLanguage(values.language) ? values.language : 'de'} onChange={(language) => set({ language })} options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))} error={errors['language']} />
    </Dialog>
  )
}

function AddressDialog({ row, onClose, onDone }: { row: CustodyTime; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: common } = useTranslation()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [values, setValues] = useState({ street: '', house_number: '', postal_code: '', city: '', address_protected: row.address_protected })
  const set = (patch: Partial<typeof values>) => setValues((old) => ({ ...old, ...patch }))
  const send = useSend(() => api.put(`/office/households/${row.household_id}`, values, { version: row.household_version ?? 0 }))
  const errors = serverErrors(send.error)
  const fields = ['street', 'house_number', 'postal_code', 'city'] as const
  const names = Object.fromEntries(fields.map((field) => [field, t(`correction.${field}`)])) as Record<string, string>
  const submit = async () => { if ((await send.run())?.ok) onDone() }
  return (
    <Dialog open title={t('correction.addressFor', { name: row.name })} onClose={onClose} footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('correction.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      {fields.map((field) => <TextField key={field} id={field} label={t(`correction.${field}`)} value={values[field]} onChange={(value) => set({ [field]: value })} error={errors[field]} autoComplete="off" />)}
      <Checkbox id="address_protected" label={t('correction.protected')} checked={values.address_protected} onChange={(address_protected) => set({ address_protected })} />
    </Dialog>
  )
}

/** What the office corrects for a guardian without an account. */
export function Corrections({ row, contact, onDone }: { row: CustodyTime; contact: Contact; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const { t: copy } = useTranslation('copy')
  const to = useTo()
  const [open, setOpen] = useState<'guardian' | 'address' | null>(null)
  const done = () => { setOpen(null); onDone() }
  return (
    <>
      <div className="kp-actions">
        <Button small kind="tertiary" onClick={() => setOpen('guardian')} aria-label={t('correction.guardianFor', { name: row.name })}>{t('correction.guardian')}</Button>
        {row.household_id && <Button small kind="tertiary" onClick={() => setOpen('address')} aria-label={t('correction.addressFor', { name: row.name })}>{t('correction.address')}</Button>}
        <Link className="kp-small" to={to(`/amt/auskunft/${row.guardian_id}`)}>{copy('office.link', { name: row.name })}</Link>
      </div>
      {open === 'guardian' && <GuardianDialog row={row} contact={contact} onClose={() => setOpen(null)} onDone={done} />}
      {open === 'address' && <AddressDialog row={row} onClose={() => setOpen(null)} onDone={done} />}
    </>
  )
}
