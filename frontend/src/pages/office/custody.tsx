import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { CustodyChangeInput, CustodyInput, CustodyList, CustodyReason, CustodyTime } from '../../api/privacy-types'
import { EMPTY_DATE, isEmptyDate, toIso, toParts, today } from '../../lib/dates'
import { Badge, Button, DateField, Dialog, ErrorState, ErrorSummary, Section, Select, Skeleton, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat } from '../../staff'
import { ChildCorrection } from './child-correction'
import { Corrections } from './corrections'
import { Protection } from './protection'
import { RestrictionSection } from './restriction'

const REASONS: CustodyReason[] = ['second_parent', 'court_decision', 'declaration', 'guardianship', 'foster_care', 'adoption', 'death', 'correction']

type Values = { first_name: string; last_name: string; phone: string; email: string; from: typeof EMPTY_DATE; to: typeof EMPTY_DATE; reason: CustodyReason | '' }

function useTimeErrors(): (values: Values) => Record<string, string> {
  const { t } = useTranslation('privacy')
  return (values) => {
    const found: Record<string, string> = {}
    if (isEmptyDate(values.from)) found['valid_from'] = t('custody.needFrom')
    else if (!toIso(values.from)) found['valid_from'] = t('custody.badDate')
    if (!isEmptyDate(values.to) && !toIso(values.to)) found['valid_to'] = t('custody.badDate')
    if (!values.reason) found['reason'] = t('custody.needReason')
    return found
  }
}

/** Begins custody of a new person, or changes that of a known one. */
function CustodyDialog({ child, known, onClose, onDone }: { child: string; known: CustodyTime | null; onClose: () => void; onDone: (name: string) => void }): JSX.Element {
  const { t, i18n } = useTranslation('privacy')
  const { t: common } = useTranslation()
  const api = useApi()
  const { key, renew } = useIdempotencyKey()
  const serverErrors = useFieldErrors()
  const timeErrors = useTimeErrors()
  const [tried, setTried] = useState(false)
  const [values, setValues] = useState<Values>({
    first_name: '', last_name: '', phone: '', email: '', reason: '',
    from: toParts(known?.valid_from ?? today()), to: known ? toParts(known.valid_to) : EMPTY_DATE,
  })
  const set = (patch: Partial<Values>) => { renew(); setValues((old) => ({ ...old, ...patch })) }
  const send = useSend((time: CustodyChangeInput) => {
    if (known) return api.put(`/office/custody/${known.id}`, time, { version: known.version })
    const person = { first_name: values.first_name.trim(), last_name: values.last_name.trim(), phone: values.phone.trim() || null, email: values.email.trim() || null, language: i18n.language === 'en' ? 'en' : 'de' }
    const input: CustodyInput = { ...person, ...time }
    return api.post(`/office/children/${child}/custody`, input, { idempotencyKey: key() })
  })
  const own = timeErrors(values)
  if (!known && !values.first_name.trim()) own['first_name'] = t('custody.needName')
  if (!known && !values.last_name.trim()) own['last_name'] = t('custody.needName')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    const from = toIso(values.from)
    if (Object.keys(own).length > 0 || !from || !values.reason) return
    const answer = await send.run({ valid_from: from, valid_to: toIso(values.to), reason: values.reason })
    if (answer?.ok) onDone(known?.name ?? `${values.first_name.trim()} ${values.last_name.trim()}`)
  }
  const names = { first_name: t('custody.firstName'), last_name: t('custody.lastName'), phone: t('custody.phone'), email: t('custody.email'), valid_from: t('custody.from'), valid_to: t('custody.to'), reason: t('custody.reason') }
  return (
    <Dialog
      open
      title={known ? t('custody.changeTitle', { name: known.name }) : t('custody.addTitle')}
      onClose={onClose}
      footer={<><Button busy={send.busy} onClick={() => void submit()}>{t('custody.save')}</Button><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button></>}
    >
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      {!known && (
        <>
          <p className="kern-body">{t('custody.addText')}</p>
          <TextField id="first_name" label={names.first_name} value={values.first_name} onChange={(first_name) => set({ first_name })} error={errors['first_name']} autoComplete="off" />
          <TextField id="last_name" label={names.last_name} value={values.last_name} onChange={(last_name) => set({ last_name })} error={errors['last_name']} autoComplete="off" />
          <TextField id="phone" type="tel" label={names.phone} optional value={values.phone} onChange={(phone) => set({ phone })} error={errors['phone']} autoComplete="off" />
          <TextField id="email" type="email" label={names.email} optional value={values.email} onChange={(email) => set({ email })} error={errors['email']} autoComplete="off" />
        </>
      )}
      <DateField id="valid_from" label={names.valid_from} value={values.from} onChange={(from) => set({ from })} error={errors['valid_from']} />
      <DateField id="valid_to" label={names.valid_to} hint={t('custody.toHint')} optional value={values.to} onChange={(to) => set({ to })} error={errors['valid_to']} />
      <Select id="reason" label={names.reason} hint={t('custody.reasonHint')} empty={t('custody.choose')} value={values.reason} onChange={(reason) => set({ reason })} error={errors['reason']} options={REASONS.map((value) => ({ value, label: t(`custody.reasons.${value}`) }))} />
    </Dialog>
  )
}

function Row({ row, onChange, onCorrected }: { row: CustodyTime; onChange: (() => void) | null; onCorrected: () => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const format = useFormat()
  const state = row.holds_today ? 'now' : row.valid_from > today() ? 'later' : 'ended'
  const time = row.valid_to ? t('custody.between', { from: format.date(row.valid_from), to: format.date(row.valid_to) }) : t('custody.since', { from: format.date(row.valid_from) })
  return (
    <li className="kp-case-wish">
      <p className="kp-case-wish__head">
        {row.name}
        <Badge tone={state === 'now' ? 'success' : 'neutral'} icon={state === 'now' ? 'check-circle' : 'pause'}>{t(`custody.state.${state}`)}</Badge>
      </p>
      <p className="kern-body">{time} · {row.has_account ? t('custody.account') : t('custody.noAccount')}</p>
      {onChange && <div className="kp-actions"><Button small kind="tertiary" icon="edit" onClick={onChange} aria-label={t('custody.changeFor', { name: row.name })}>{t('custody.change')}</Button></div>}
      {onChange && row.contact && <Corrections row={row} contact={row.contact} onDone={onCorrected} />}
    </li>
  )
}

function History({ list }: { list: CustodyList }): JSX.Element | null {
  const { t } = useTranslation('privacy')
  const format = useFormat()
  if (list.changes.length === 0) return null
  const name = (guardian: string) => list.items.find((row) => row.guardian_id === guardian)?.name ?? '–'
  return (
    <details className="kp-details">
      <summary>{t('custody.history')}</summary>
      <ol className="kp-events">
        {list.changes.map((change) => (
          <li key={`${change.at}${change.guardian_id}`}>
            <span className="kp-muted kp-num">{format.dateTime(change.at)}</span><br />
            {t(change.valid_to ? 'custody.historyLineTo' : 'custody.historyLine', { name: name(change.guardian_id), from: format.date(change.valid_from), to: format.date(change.valid_to), reason: t(`custody.reasons.${change.reason}`), by: change.by ?? '' })}
          </li>
        ))}
      </ol>
    </details>
  )
}

/** Custody over time and protected addresses in the office's view of a case. */
export function Custody({ child, mayWrite, onChanged }: { child: string; mayWrite: boolean; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('privacy')
  const refresh = useRefresh()
  const path = `/office/children/${child}/custody`
  const query = useGet<CustodyList>(path)
  const [open, setOpen] = useState<CustodyTime | 'new' | null>(null)
  if (query.error) return <Section title={t('custody.title')}><ErrorState problem={query.error} onRetry={() => void query.refetch()} /></Section>
  if (!query.data) return <Section title={t('custody.title')}><Skeleton lines={3} /></Section>
  const list = query.data
  const onPaper = list.items.filter((row) => row.holds_today).every((row) => !row.has_account)
  const done = (message: string) => { setOpen(null); onChanged(message); void refresh(path) }
  const homes = list.items.filter((row, at) => row.address_protected && row.household_id && list.items.findIndex((other) => other.household_id === row.household_id) === at)
  return (
    <>
      <Section title={t('custody.title')}>
        <p className="kp-small kp-muted">{t('custody.text')}</p>
        <ul className="kp-plain-list kp-stack">{list.items.map((row) => <Row key={row.id} row={row} onChange={mayWrite ? () => setOpen(row) : null} onCorrected={() => done(t('correction.done'))} />)}</ul>
        {mayWrite && <div className="kp-actions"><Button small kind="secondary" icon="add" onClick={() => setOpen('new')}>{t('custody.add')}</Button>{onPaper && <ChildCorrection child={child} version={list.child_version} onDone={() => done(t('correction.done'))} />}</div>}
        <History list={list} />
      </Section>
      <RestrictionSection child={child} list={list} onChanged={done} />
      {homes.map((row) => <Protection key={row.household_id} row={row} mayWrite={mayWrite} onChanged={done} />)}
      {open && <CustodyDialog child={child} known={open === 'new' ? null : open} onClose={() => setOpen(null)} onDone={(name) => done(t(open === 'new' ? 'custody.added' : 'custody.changed', { name }))} />}
    </>
  )
}
