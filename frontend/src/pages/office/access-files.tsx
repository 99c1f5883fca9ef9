import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClaimBatch, ClaimProgress } from '../../api/claim-types'
import { ApiError } from '../../api/client'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Items } from '../../api/types'
import { hasRole, useSession } from '../../app/session'
import { useTo } from '../../app/tenant'
import { keep } from '../../lib/keep'
import { useFormat } from '../../staff'
import { Actions, Alert, Button, ButtonLink, Checkbox, Dialog, ErrorState, Page, ProblemView, Section, Skeleton, Table } from '../../ui'
import { useMayWrite } from './rights'

/** The files that there are, and the letters of each. */
function Files({ batches }: { batches: ClaimBatch[] }): JSX.Element {
  const { t } = useTranslation('claims')
  const { t: common } = useTranslation('common')
  const api = useApi()
  const format = useFormat()
  const refresh = useRefresh()
  const mayWrite = useMayWrite()
  const [asked, setAsked] = useState<ClaimBatch | null>(null)
  const write = useSend(async (batch: ClaimBatch) => {
    const file = await api.postForFile(`/office/claim-batches/${batch.id}/letters.pdf`, {})
    keep(file, `briefe-${batch.created_at.slice(0, 10)}-${batch.id.slice(0, 4)}.pdf`)
    await refresh('/office')
    return true
  })
  const name = (batch: ClaimBatch) => t(batch.only_imported ? 'page.fileImported' : 'page.file', { at: format.dateTime(batch.created_at) })
  const set = (batch: ClaimBatch) => { setAsked(null); void write.run(batch) }
  const what = (batch: ClaimBatch) => (batch.written_at ? t('page.again') : t('page.download'))
  return (
    <>
      <ProblemView problem={write.error} />
      <div role="status">{write.busy && <p className="kern-body">{t('page.busy')}</p>}</div>
      {write.result && !write.busy && <Alert tone="success" live title={t('page.ready')} />}
      <Table
        caption={t('page.files')}
        hideCaption
        cards
        rows={batches}
        rowKey={(batch) => batch.id}
        columns={[
          {
            id: 'file',
            header: t('page.files'),
            rowHeader: true,
            // Below the name, so that it is in sight on a phone.
            cell: (batch: ClaimBatch) => (
              <div className="kp-stack kp-stack--small">
                <span>{name(batch)}</span>
                {mayWrite && batch.claimed < batch.letters && <Button kind="secondary" small busy={write.busy} aria-label={t('page.of', { what: what(batch), file: name(batch) })} onClick={() => (batch.written_at ? setAsked(batch) : set(batch))}>{what(batch)}</Button>}
              </div>
            ),
          },
          { id: 'letters', header: t('page.letters'), cell: (batch) => format.number(batch.letters) },
          { id: 'claimed', header: t('page.came'), cell: (batch) => format.number(batch.claimed) },
          { id: 'state', header: t('page.state'), cell: (batch) => (batch.written_at ? t('page.written', { at: format.dateTime(batch.written_at) }) : t('page.notWritten')) },
        ]}
      />
      <Dialog open={asked !== null} title={t('page.again_title')} onClose={() => setAsked(null)} footer={<><Button kind="secondary" onClick={() => setAsked(null)}>{common('action.cancel')}</Button><Button danger onClick={() => asked && set(asked)}>{t('page.again')}</Button></>}>
        <p className="kern-body">{t('page.again_text', { at: format.dateTime(asked?.created_at) })}</p>
      </Dialog>
    </>
  )
}

/** Puts all families that have no code into files of letters. */
function NewFiles({ progress }: { progress: ClaimProgress }): JSX.Element | null {
  const { t } = useTranslation('claims')
  const api = useApi()
  const format = useFormat()
  const refresh = useRefresh()
  const { key, renew } = useIdempotencyKey()
  const [onlyImported, setOnlyImported] = useState(false)
  const [assigned, setAssigned] = useState(0)
  const create = useSend(async () => {
    let all = 0
    // A file at a time, so that no request takes long and a break loses nothing.
    for (;;) {
      try {
        const batch = await api.post<ClaimBatch>('/office/claim-batches', { only_imported: onlyImported }, { idempotencyKey: key() })
        all += batch.letters
        setAssigned(all)
      } catch (cause) {
        if (cause instanceof ApiError && cause.code === 'claim.nobody_without') break
        throw cause
      } finally {
        renew()
      }
    }
    await refresh('/office')
    return all
  })
  const left = progress.without_code - progress.in_batch
  return (
    <>
      <ProblemView problem={create.error} />
      <div role="status">{create.busy && <p className="kern-body">{t('page.creating', { done: format.number(assigned) })}</p>}</div>
      {create.result !== null && <Alert tone={create.result ? 'success' : 'info'} live title={create.result ? t('page.created', { count: create.result }) : t('page.nobody')} />}
      {left > 0 && (
        <>
          <Checkbox id="only_imported" label={t('page.onlyImported')} checked={onlyImported} onChange={setOnlyImported} />
          <Actions><Button busy={create.busy} onClick={() => void create.run()}>{t('page.create')}</Button></Actions>
        </>
      )}
    </>
  )
}

/** Families without an account as a whole: how many have a code, and files of letters for the rest. */
export function FamilyAccessPage(): JSX.Element {
  const { t } = useTranslation('claims')
  const to = useTo()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const { session } = useSession()
  const query = useGet<ClaimProgress>('/office/claim-codes')
  const files = useGet<Items<ClaimBatch>>('/office/claim-batches')
  const [progress, batches] = [query.data, files.data?.items]
  const failed = query.error ?? files.error
  if (!progress || !batches) return <Page title={t('page.title')} width="full">{failed ? <ErrorState problem={failed} onRetry={() => void Promise.all([query.refetch(), files.refetch()])} /> : <Skeleton blocks={1} lines={3} />}</Page>
  const isAdmin = hasRole(session, ['tenant_admin'])
  return (
    <Page title={t('page.title')} lead={t('page.lead')} width="full">
      <ul className="kp-figures">
        {(['without_account', 'without_code', 'claimed'] as const).map((name) => (
          <li key={name} className="kp-figure"><span className="kp-figure__value">{format.number(progress[name])}</span><span className="kp-figure__label">{t(`page.${name}`)}</span></li>
        ))}
      </ul>
      {progress.without_code === 0 && progress.without_account > 0 && <p className="kern-body">{t('page.allDone')}</p>}
      {progress.without_code > 0 && progress.in_batch === progress.without_code && <p className="kern-body">{t('page.allInFiles')}</p>}
      <Section title={t('page.files')}>
        <p className="kern-body">{t('page.filesText')}</p>
        {mayWrite && <NewFiles progress={progress} />}
        {batches.length > 0 ? <Files batches={batches} /> : <p className="kern-body">{t('page.noFiles')}</p>}
      </Section>
      <Actions>
        <ButtonLink kind="secondary" icon="document" to={to('/amt/briefe')}>{t('office.toLetters')}</ButtonLink>
        {isAdmin && <ButtonLink kind="tertiary" to={to('/verwaltung/familien-import')}>{t('page.import')}</ButtonLink>}
      </Actions>
    </Page>
  )
}
