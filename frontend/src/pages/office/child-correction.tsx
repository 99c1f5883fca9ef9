import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useSend } from '../../api/hooks'
import { EMPTY_DATE, isEmptyDate, toIso } from '../../lib/dates'
import { Button, DateField, Dialog, ErrorSummary, TextField, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'

function ChildDialog({ child, version, onClose, onDone }: { child: string; version: number; onClose: () => void; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('copy')
  const { t: privacy } = useTranslation('privacy')
  const { t: common } = useTranslation()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const [values, setValues] = useState({ first_name: '', last_name: '', birth: EMPTY_DATE })
  const [tried, setTried] = useState(false)
  const set = (patch: Partial<typeof values>) => setValues((old) => ({ ...old, ...patch }))
  const born = toIso(values.birth)
  // What is left empty stays as it is.
  const change = {
    ...(values.first_name.trim() ? { first_name: values.first_name.trim() } : {}),
    ...(values.last_name.trim() ? { last_name: values.last_name.trim() } : {}),
    ...(born ? { birth_date: born } : {}),
  }
  const send = useSend(() => api.patch(`/office/children/${child}`, change, { version }))
  const own: Record<string, string> = {
    ...(!isEmptyDate(values.birth) && !born ? { birth_date: common('form.wrongDate') } : {}),
    ...(Object.keys(change).length === 0 && isEmptyDate(values.birth) ? { first_name: t('child.nothing') } : {}),
  }
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const names = { first_name: t('child.firstName'), last_name: t('child.lastName'), birth_date: t('child.birthDate') }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length === 0 && (await send.run())?.ok) onDone()
  }
  return (
    <Dialog open title={t('child.title')} onClose={onClose} footer={<><Button busy={send.busy} onClick={() => void submit()}>{privacy('correction.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}>
      <p className="kern-body">{t('child.text')}</p>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      <TextField id="first_name" label={names.first_name} optional value={values.first_name} onChange={(first_name) => set({ first_name })} error={errors['first_name']} autoComplete="off" />
      <TextField id="last_name" label={names.last_name} optional value={values.last_name} onChange={(last_name) => set({ last_name })} error={errors['last_name']} autoComplete="off" />
      <DateField id="birth_date" label={names.birth_date} optional value={values.birth} onChange={(birth) => set({ birth })} error={errors['birth_date']} />
    </Dialog>
  )
}

/** Corrects what is known of a child whose guardians have no account. */
export function ChildCorrection({ child, version, onDone }: { child: string; version: number; onDone: () => void }): JSX.Element {
  const { t } = useTranslation('copy')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small kind="secondary" icon="edit" onClick={() => setOpen(true)}>{t('child.open')}</Button>
      {open && <ChildDialog child={child} version={version} onClose={() => setOpen(false)} onDone={() => { setOpen(false); onDone() }} />}
    </>
  )
}
