import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { CriteriaSet, CriteriaSetDetail, CriteriaTemplate, Items } from '../../api/types'
import { useOwners } from '../../app/owners'
import { formatShortDate } from '../../lib/dates'
import { Badge, Button, Dialog, EmptyState, ErrorState, Link, Loaded, ProblemView, RadioGroup, Select, Skeleton, Table, TextField, useFieldErrors } from '../../ui'
import { PHASE_LOOK } from './words'

type Start = 'empty' | 'template' | 'copy'

function NewSet({ base, sets, open, onClose }: { base: string; sets: CriteriaSet[]; open: boolean; onClose: () => void }): JSX.Element {
  const { t } = useTranslation('criteria')
  const { t: common } = useTranslation()
  const api = useApi()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const fieldErrors = useFieldErrors()
  const { key } = useIdempotencyKey()
  const owners = useOwners()
  const templates = useGet<Items<CriteriaTemplate>>('/admin/criteria-templates')
  const [name, setName] = useState('')
  const [owner, setOwner] = useState('')
  const [start, setStart] = useState<Start>('template')
  const [template, setTemplate] = useState('')
  const [copied, setCopied] = useState('')
  const provider = owner || (owners.municipality ? null : owners.providers[0]?.id ?? null)
  const chosen = templates.data?.items.find((entry) => entry.code === (template || templates.data.items[0]?.code))
  const create = useSend(async () => {
    const body = { name, provider_id: provider, template: start === 'template' ? chosen?.code ?? null : null, copy_of: start === 'copy' ? copied || sets[0]?.id || null : null }
    const made = await api.post<CriteriaSetDetail>('/admin/criteria-sets', body, { idempotencyKey: key() })
    await refresh('/admin/criteria-sets', '/admin/criteria')
    void navigate(`${base}/${made.id}`)
  })
  const errors = fieldErrors(create.error)
  const starts: Start[] = sets.length > 0 ? ['template', 'copy', 'empty'] : ['template', 'empty']
  return (
    <Dialog open={open} title={t('new.title')} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={create.busy} onClick={() => void create.run()}>{t('new.submit')}</Button></>}>
      <div className="kp-stack">
        <TextField id="set-name" label={t('new.name')} hint={t('new.nameHint')} maxLength={200} value={name} onChange={setName} error={errors['name']} />
        {owners.providers.length > 0 && <Select id="set-owner" label={t('new.owner')} hint={t('new.ownerHint')} value={owner} {...(owners.municipality ? { empty: t('list.municipality') } : {})} onChange={setOwner} options={owners.providers.map((entry) => ({ value: entry.id, label: entry.name }))} error={errors['provider_id']} />}
        <RadioGroup id="set-start" label={t('new.start')} value={start} onChange={setStart} options={starts.map((value) => ({ value, label: t(`new.${value}`) }))} />
        {start === 'template' && <Loaded query={templates} lines={1}>{({ items }) => <Select id="set-template" label={t('new.templateField')} hint={chosen?.note} value={chosen?.code ?? ''} onChange={setTemplate} options={items.map((entry) => ({ value: entry.code, label: entry.name }))} error={errors['template']} />}</Loaded>}
        {start === 'copy' && <Select id="set-copy" label={t('new.copyField')} value={copied || (sets[0]?.id ?? '')} onChange={setCopied} options={sets.map((entry) => ({ value: entry.id, label: `${entry.name} (${entry.provider_name ?? t('list.municipality')}, ${entry.number})` }))} error={errors['copy_of']} />}
        {create.error && Object.keys(errors).length === 0 && <ProblemView problem={create.error} />}
      </div>
    </Dialog>
  )
}

/** All versions of the criteria, of each owner the newest first. */
export function SetsList({ base }: { base: string }): JSX.Element {
  const { t, i18n } = useTranslation('criteria')
  const [open, setOpen] = useState(false)
  const { municipality, providers } = useOwners()
  const query = useGet<Items<CriteriaSet>>('/admin/criteria-sets')
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={5} />
  const sets = query.data.items
  const begin = <Button small icon="add" onClick={() => setOpen(true)}>{t('list.new')}</Button>
  const day = (iso: string | null) => (iso ? formatShortDate(iso, i18n.language) : '–')
  return (
    <div className="kp-stack">
      {(municipality || providers.length > 0) && sets.length > 0 && <div>{begin}</div>}
      {sets.length === 0
        ? <EmptyState title={t('list.empty')} action={begin}>{t('list.emptyText')}</EmptyState>
        : (
          <Table cards
            caption={t('list.title')}
            rows={sets}
            rowKey={(row) => row.id}
            columns={[
              { id: 'name', header: t('list.name'), rowHeader: true, cell: (row) => <Link to={`${base}/${row.id}`}>{row.name}</Link> },
              { id: 'number', header: t('list.number'), numeric: true, cell: (row) => row.number },
              { id: 'owner', header: t('list.owner'), cell: (row) => row.provider_name ?? t('list.municipality') },
              { id: 'phase', header: t('list.phase'), cell: (row) => <Badge {...PHASE_LOOK[row.phase]}>{t(`phase.${row.phase}`)}</Badge> },
              { id: 'from', header: t('list.from'), cell: (row) => day(row.valid_from) },
              { id: 'until', header: t('list.until'), cell: (row) => (row.phase === 'in_force' && !row.valid_until ? t('list.open') : day(row.valid_until)) },
            ]}
          />
        )}
      <NewSet base={base} sets={sets} open={open} onClose={() => setOpen(false)} />
    </div>
  )
}
