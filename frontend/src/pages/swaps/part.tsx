import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useRefresh, useSend } from '../../api/hooks'
import type { SwapPart, SwapState } from '../../api/swap-types'
import type { Items } from '../../api/types'
import { formatDate, formatWeekday } from '../../lib/dates'
import { useWords } from '../../lib/words'
import { Alert, Badge, Button, Card, EmptyState, ErrorState, Facts, ProblemView, Skeleton, type IconName, type Tone } from '../../ui'

export const SWAP_LOOK: Record<SwapState, { tone: Tone | 'neutral'; icon: IconName }> = {
  open: { tone: 'warning', icon: 'clock' },
  done: { tone: 'success', icon: 'check' },
  declined: { tone: 'neutral', icon: 'x-circle' },
  expired: { tone: 'neutral', icon: 'x-circle' },
  void: { tone: 'neutral', icon: 'x-circle' },
}

type Side = 'family' | 'staff'

function Part({ part, side, onDone }: { part: SwapPart; side: Side; onDone: (accept: boolean) => void }): JSX.Element {
  const { t, i18n } = useTranslation('swaps')
  const api = useApi()
  const words = useWords()
  const refresh = useRefresh()
  const day = (iso: string) => formatDate(iso, i18n.language)
  const answer = useSend((accept: boolean) => api.post(`/${side}/swaps/${part.id}/answer`, { accept }))
  const run = async (accept: boolean) => {
    const said = await answer.run(accept)
    if (!said?.ok) return
    onDone(accept)
    await refresh(`/${side}/swaps`)
  }
  const child = words.childLabel(part.child)
  return (
    <Card as="li" level={2} title={<span className="kp-row kp-row--between"><span>{t(`head.${side}`, { child, to: part.to_facility })}</span><Badge {...SWAP_LOOK[part.state]}>{t(`state.${part.state}`)}</Badge></span>}>
      <Facts items={[
        ...(part.from_facility ? [{ id: 'from', term: t('from'), value: part.from_facility }] : []),
        { id: 'to', term: t('to'), value: part.to_facility },
        { id: 'on', term: t('on'), value: day(part.swap_on) },
        ...(side === 'staff' ? [{ id: 'born', term: t('born'), value: day(part.birth_date) }, { id: 'hours', term: t('hours'), value: String(part.hours_per_week) }] : []),
        ...(part.state === 'open' ? [{ id: 'by', term: t('by'), value: formatWeekday(part.deadline_on, i18n.language) }] : []),
      ]} />
      {part.state === 'open' && <p className="kern-body">{t('others', { children: part.children, missing: part.missing })}</p>}
      {part.state === 'open' && part.answer && <p className="kern-body"><strong>{t('saidYes')}</strong></p>}
      {part.may_answer && (
        <>
          <p className="kern-body">{t(`safe.${side}`)}</p>
          <ProblemView problem={answer.error} />
          <div className="kp-actions">
            <Button icon="check" busy={answer.busy} aria-label={t('yesFor', { child })} onClick={() => void run(true)}>{t('yes')}</Button>
            <Button kind="secondary" busy={answer.busy} aria-label={t('noFor', { child })} onClick={() => void run(false)}>{t('no')}</Button>
          </div>
        </>
      )}
    </Card>
  )
}

/** The parts of swaps that concern who looks, each with its answer. */
export function SwapParts({ side }: { side: Side }): JSX.Element {
  const { t } = useTranslation('swaps')
  const [said, setSaid] = useState<boolean | null>(null)
  const query = useGet<Items<SwapPart>>(`/${side}/swaps`)
  if (query.error) return <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Skeleton blocks={2} lines={4} />
  return (
    <>
      {said !== null && <Alert tone={said ? 'success' : 'info'} live title={t(said ? 'doneYes' : 'doneNo')} />}
      {query.data.items.length === 0 && <EmptyState title={t(`empty.${side}`)}>{t(`emptyText.${side}`)}</EmptyState>}
      <ul className="kp-plain-list kp-stack">
        {query.data.items.map((part) => <Part key={part.id} part={part} side={side} onDone={setSaid} />)}
      </ul>
    </>
  )
}
