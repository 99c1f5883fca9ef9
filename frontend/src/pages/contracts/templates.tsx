import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { ContractTemplate, ContractTemplateDetail } from '../../api/contract-types'
import type { Items } from '../../api/types'
import { useOwners } from '../../app/owners'
import { formatShortDate } from '../../lib/dates'
import { Badge, Button, Dialog, EmptyState, ErrorState, Link, Page, ProblemView, Select, Skeleton, Table, TextField, useFieldErrors } from '../../ui'

export function StateBadge({ template }: { template: ContractTemplate }): JSX.Element {
  const { t } = useTranslation('contracts')
  if (template.in_force) return <Badge tone="success" icon="check-circle">{t('templates.inForce')}</Badge>
  const look = { draft: { tone: 'info', icon: 'edit' }, published: { tone: 'neutral', icon: 'check' }, withdrawn: { tone: 'neutral', icon: 'x-circle' } } as const
  return <Badge {...look[template.state]}>{t(`templates.${template.state}`)}</Badge>
}

function NewTemplate({ base, onClose }: { base: string; onClose: () => void }): JSX.Element {
  const { t } = useTranslation('contracts')
  const { t: common } = useTranslation()
  const api = useApi()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const fieldErrors = useFieldErrors()
  const { key } = useIdempotencyKey()
  const owners = useOwners()
  const [name, setName] = useState('')
  const [owner, setOwner] = useState('')
  const provider = owner || (owners.municipality ? null : owners.providers[0]?.id ?? null)
  const create = useSend(async () => {
    const made = await api.post<ContractTemplateDetail>('/admin/contract-templates', { name, provider_id: provider }, { idempotencyKey: key() })
    await refresh('/admin/contract-templates')
    void navigate(`${base}/${made.id}`)
  })
  const errors = fieldErrors(create.error)
  return (
    <Dialog open title={t('templates.newTitle')} onClose={onClose} footer={<><Button kind="secondary" onClick={onClose}>{common('action.cancel')}</Button><Button busy={create.busy} onClick={() => void create.run()}>{t('templates.create')}</Button></>}>
      <div className="kp-stack">
        <p className="kern-body">{t('templates.newText')}</p>
        <TextField id="template-name" label={t('templates.name')} maxLength={200} value={name} onChange={setName} error={errors['name'] ?? null} />
        {owners.providers.length > 0 && <Select id="template-owner" label={t('templates.owner')} value={owner} {...(owners.municipality ? { empty: t('templates.municipality') } : {})} onChange={setOwner} options={owners.providers.map((entry) => ({ value: entry.id, label: entry.name }))} error={errors['provider_id'] ?? null} />}
        {Object.keys(errors).length === 0 && <ProblemView problem={create.error} />}
      </div>
    </Dialog>
  )
}

/** All versions of the words of contracts, of each owner the newest first. */
export function TemplatesPage({ base }: { base: string }): JSX.Element {
  const { t, i18n } = useTranslation('contracts')
  const [open, setOpen] = useState(false)
  const { municipality, providers } = useOwners()
  const query = useGet<Items<ContractTemplate>>('/admin/contract-templates')
  const begin = municipality || providers.length > 0 ? <Button small icon="add" onClick={() => setOpen(true)}>{t('templates.new')}</Button> : null
  const rows = query.data?.items ?? []
  return (
    <Page title={t('templates.title')} lead={t('templates.lead')} width="full">
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={4} />}
      {query.data && rows.length === 0 && <EmptyState title={t('templates.empty')} action={begin}>{t('templates.emptyText')}</EmptyState>}
      {rows.length > 0 && (
        <div className="kp-stack">
          {begin && <div>{begin}</div>}
          <Table cards
            caption={t('templates.title')}
            hideCaption
            rows={rows}
            rowKey={(row) => row.id}
            columns={[
              { id: 'name', header: t('templates.name'), rowHeader: true, cell: (row) => <Link to={`${base}/${row.id}`}>{row.name}</Link> },
              { id: 'number', header: t('templates.number'), numeric: true, cell: (row) => row.number },
              { id: 'owner', header: t('templates.owner'), cell: (row) => row.provider_name ?? t('templates.municipality') },
              { id: 'state', header: t('templates.state'), cell: (row) => <StateBadge template={row} /> },
              { id: 'from', header: t('templates.from'), cell: (row) => (row.valid_from ? formatShortDate(row.valid_from, i18n.language) : '–') },
            ]}
          />
        </div>
      )}
      {open && <NewTemplate base={base} onClose={() => setOpen(false)} />}
    </Page>
  )
}
