import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Mandate, PaperMandate } from '../../api/mandate-types'
import type { CustodyList } from '../../api/privacy-types'
import type { Items } from '../../api/types'
import { addMonths, toIso, toParts, today } from '../../lib/dates'
import { looksLikeEmail } from '../../lib/form'
import { Actions, Button, Dialog, ErrorState, ErrorSummary, Loaded, ProblemView, Section, Select, Skeleton, useFieldErrors } from '../../ui'
import { namedSummary } from '../../staff'
import { MandateCard, MandateFields, type Draft } from './parts'

/** Records a mandate that lies before the office on paper. */
function PaperDialog({ child, onClose, onDone }: { child: string; onClose: () => void; onDone: (name: string) => void }): JSX.Element {
  const { t } = useTranslation('mandates')
  const { t: common } = useTranslation()
  const api = useApi()
  const { key, renew } = useIdempotencyKey()
  const serverErrors = useFieldErrors()
  const custody = useGet<CustodyList>(`/office/children/${child}/custody`)
  const [guardian, setGuardian] = useState('')
  const [tried, setTried] = useState(false)
  const [values, setValues] = useState<Draft>({ name: '', email: '', scope: '', until: toParts(addMonths(today(), 12)), child_ids: [child] })
  const until = toIso(values.until)
  const send = useSend((body: PaperMandate) => api.post('/office/mandates', body, { idempotencyKey: key() }))
  const own: Record<string, string> = {
    ...(guardian ? {} : { guardian_id: t('needGuardian') }),
    ...(values.name.trim() ? {} : { name: t('needName') }),
    ...(looksLikeEmail(values.email) ? {} : { email: t('needEmail') }),
    ...(values.scope ? {} : { may_act: t('needScope') }),
    ...(until ? {} : { valid_until: t('needUntil') }),
  }
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0 || !until) return
    const answer = await send.run({ guardian_id: guardian, name: values.name.trim(), email: values.email.trim(), may_act: values.scope === 'act', valid_until: until, child_ids: values.child_ids })
    if (answer?.ok) onDone(values.name.trim())
  }
  const names = { guardian_id: t('guardian'), name: t('name'), email: t('email'), may_act: t('scopeOffice'), valid_until: t('until') }
  return (
    <Dialog open title={t('office.addTitle')} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={send.busy} onClick={() => void submit()}>{t('office.save')}</Button></>}>
      <p className="kern-body">{t('office.addText')}</p>
      <ErrorSummary errors={namedSummary(errors, names)} problem={send.error} />
      <Loaded query={custody} lines={1}>{({ items }) => <Select id="guardian_id" label={t('guardian')} value={guardian} empty={t('choose')} onChange={setGuardian} options={items.filter((entry) => entry.holds_today).map((entry) => ({ value: entry.guardian_id, label: entry.name }))} error={errors['guardian_id']} />}</Loaded>
      <MandateFields office values={values} errors={errors} options={[]} onChange={(patch) => { renew(); setValues((old) => ({ ...old, ...patch })) }} />
    </Dialog>
  )
}

/** Who helps this family with a mandate; the office records one on paper and ends any. */
export function MandatesSection({ child, mayWrite, onChanged }: { child: string; mayWrite: boolean; onChanged: (message: string) => void }): JSX.Element {
  const { t } = useTranslation('mandates')
  const api = useApi()
  const refresh = useRefresh()
  const [open, setOpen] = useState(false)
  const path = `/office/children/${child}/mandates`
  const list = useGet<Items<Mandate>>(path)
  const end = useSend(async (mandate: Mandate) => {
    await api.post(`/office/mandates/${mandate.id}/end`, undefined, { version: mandate.version })
    await refresh(path)
    onChanged(t('office.ended', { name: mandate.name }))
  })
  const items = list.data?.items ?? []
  return (
    <Section title={t('office.title')}>
      {list.error && <ErrorState problem={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={2} />}
      <ProblemView problem={end.error} />
      {list.data && items.length === 0 && <p className="kern-body">{t('office.none')}</p>}
      <ul className="kp-cards">
        {items.map((mandate) => (
          <MandateCard seenBy="office" key={mandate.id} mandate={mandate} title={t('office.line', { name: mandate.name, family: mandate.family_name })}>
            {mayWrite && (mandate.state === 'active' || mandate.state === 'offered') && <Actions><Button kind="secondary" small danger busy={end.busy} onClick={() => void end.run(mandate)}>{t('end')}</Button></Actions>}
          </MandateCard>
        ))}
      </ul>
      {mayWrite && <Actions><Button kind="secondary" small icon="add" onClick={() => setOpen(true)}>{t('office.add')}</Button></Actions>}
      {open && <PaperDialog child={child} onClose={() => setOpen(false)} onDone={(name) => { setOpen(false); void refresh(path); onChanged(t('office.added', { name })) }} />}
    </Section>
  )
}
