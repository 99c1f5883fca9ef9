import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { EvidenceRule, Points, ReserveType, RuleInput } from '../../api/types'
import { toIso, toParts, type DateParts } from '../../lib/dates'
import { Button, IconButton, RadioGroup, Select, TextField } from '../../ui'

/** A rule while it is edited: numbers are what was typed. */
export type RuleDraft = {
  criterion_id: string
  kind: Points['kind']
  points: string
  most: string
  steps: { at_least: string; points: string }[]
  rank: string
  bestOf: string
  evidence: EvidenceRule['kind']
  days: string
  date: DateParts
  reserve: ReserveType | ''
  seats: string
  per: 'group' | 'facility'
}

export const newRule = (criterion_id: string, asked: boolean, number: boolean): RuleDraft => ({
  criterion_id, kind: number ? 'per_unit' : 'flat', points: '1', most: '', steps: [{ at_least: '1', points: '1' }], rank: '0', bestOf: '',
  evidence: asked ? 'at_contract' : 'none', days: '30', date: toParts(null), reserve: '', seats: '1', per: 'group',
})

export const toDraft = (rule: RuleInput): RuleDraft => ({
  ...newRule(rule.criterion_id, true, false),
  kind: rule.points.kind,
  points: rule.points.kind === 'steps' ? '0' : String(rule.points.points),
  most: rule.points.kind === 'per_unit' && rule.points.most !== null ? String(rule.points.most) : '',
  steps: rule.points.kind === 'steps' ? rule.points.steps.map((step) => ({ at_least: String(step.at_least), points: String(step.points) })) : [{ at_least: '1', points: '1' }],
  rank: String(rule.rank),
  bestOf: rule.best_of ?? '',
  evidence: rule.evidence.kind,
  days: rule.evidence.kind === 'within_days' ? String(rule.evidence.days) : '30',
  date: toParts(rule.evidence.kind === 'by_date' ? rule.evidence.date : null),
  reserve: rule.reserve?.type ?? '',
  seats: String(rule.reserve?.seats ?? 1),
  per: rule.reserve?.per ?? 'group',
})

const whole = (text: string): number | null => (/^-?\d{1,4}$/.test(text.trim()) ? Number(text) : null)

/** What the server gets, or null while something typed is no number or no day. */
export function toInput(draft: RuleDraft): RuleInput | null {
  const [points, rank, seats, days] = [whole(draft.points), whole(draft.rank), whole(draft.seats), whole(draft.days)]
  const most = draft.most.trim() ? whole(draft.most) : null
  const steps = draft.steps.map((step) => ({ at_least: whole(step.at_least), points: whole(step.points) }))
  const filled = (step: { at_least: number | null; points: number | null }): step is { at_least: number; points: number } => step.at_least !== null && step.points !== null
  let worth: Points | null = null
  if (draft.kind === 'steps') worth = steps.every(filled) ? { kind: 'steps', steps: steps.filter(filled) } : null
  else if (points !== null) worth = draft.kind === 'flat' ? { kind: 'flat', points } : !draft.most.trim() || most !== null ? { kind: 'per_unit', points, most } : null
  const date = toIso(draft.date)
  let evidence: EvidenceRule | null = null
  if (draft.evidence === 'within_days') evidence = days === null ? null : { kind: 'within_days', days }
  else if (draft.evidence === 'by_date') evidence = date ? { kind: 'by_date', date } : null
  else evidence = { kind: draft.evidence }
  if (!worth || !evidence || rank === null || (draft.reserve && seats === null)) return null
  return {
    criterion_id: draft.criterion_id, points: worth, rank, best_of: draft.bestOf.trim() || null, evidence,
    reserve: draft.reserve ? { type: draft.reserve, seats: seats ?? 1, per: draft.per } : null,
  }
}

type Props = { at: string; draft: RuleDraft; asked: boolean; number: boolean; onChange: (draft: RuleDraft) => void }

function Worth({ at, draft, number, onChange }: Props): JSX.Element {
  const { t } = useTranslation('criteria')
  const set = (patch: Partial<RuleDraft>) => onChange({ ...draft, ...patch })
  const kinds: Points['kind'][] = number ? ['flat', 'per_unit', 'steps'] : ['flat']
  const step = (n: number, patch: Partial<RuleDraft['steps'][number]>) => set({ steps: draft.steps.map((entry, index) => (index === n ? { ...entry, ...patch } : entry)) })
  return (
    <>
      {kinds.length > 1 && <Select id={`${at}-kind`} label={t('rule.kind')} value={draft.kind} onChange={(kind) => set({ kind })} options={kinds.map((value) => ({ value, label: t(`rule.${value}`) }))} />}
      {draft.kind !== 'steps' && (
        <div className="kp-row">
          <TextField id={`${at}-points`} label={draft.kind === 'flat' ? t('rule.points') : t('rule.each')} width="xs" inputMode="numeric" value={draft.points} onChange={(points) => set({ points })} />
          {draft.kind === 'per_unit' && <TextField id={`${at}-most`} label={t('rule.most')} optional width="xs" inputMode="numeric" value={draft.most} onChange={(most) => set({ most })} />}
        </div>
      )}
      {draft.kind === 'steps' && draft.steps.map((entry, n) => (
        <div className="kp-row" key={n}>
          <TextField id={`${at}-from-${n}`} label={t('rule.atLeast')} width="xs" inputMode="numeric" value={entry.at_least} onChange={(at_least) => step(n, { at_least })} />
          <TextField id={`${at}-worth-${n}`} label={t('rule.points')} width="xs" inputMode="numeric" value={entry.points} onChange={(points) => step(n, { points })} />
          {draft.steps.length > 1 && <IconButton icon="delete" label={t('rule.removeStep', { n: n + 1 })} onClick={() => set({ steps: draft.steps.filter((_, index) => index !== n) })} />}
        </div>
      ))}
      {draft.kind === 'steps' && <div><Button small kind="tertiary" icon="add" onClick={() => set({ steps: [...draft.steps, { at_least: '', points: '' }] })}>{t('rule.addStep')}</Button></div>}
    </>
  )
}

function DayField({ at, draft, onChange }: Pick<Props, 'at' | 'draft' | 'onChange'>): JSX.Element {
  const { t } = useTranslation('criteria')
  const text = draft.date.year ? toIso(draft.date) ?? '' : ''
  return <TextField id={`${at}-date`} label={t('rule.date')} type="date" width="sm" value={text} onChange={(value) => onChange({ ...draft, date: toParts(value) })} />
}

/** Everything that one criterion means in a set. */
export function RuleForm(props: Props): JSX.Element {
  const { t } = useTranslation('criteria')
  const { at, draft, asked, onChange } = props
  const set = (patch: Partial<RuleDraft>) => onChange({ ...draft, ...patch })
  const evidence: EvidenceRule['kind'][] = ['none', 'at_contract', 'within_days', 'by_date']
  const reserves: ReserveType[] = ['hardship', 'integration', 'company']
  return (
    <div className="kp-rule__form">
      <Worth {...props} />
      <div className="kp-row">
        <TextField id={`${at}-rank`} label={t('rule.rank')} hint={t('rule.rankHint')} width="xs" inputMode="numeric" value={draft.rank} onChange={(rank) => set({ rank })} />
        <TextField id={`${at}-best`} label={t('rule.bestOf')} hint={t('rule.bestOfHint')} optional width="xs" maxLength={60} value={draft.bestOf} onChange={(bestOf) => set({ bestOf })} />
      </div>
      {asked && <RadioGroup id={`${at}-evidence`} label={t('rule.evidence')} value={draft.evidence} onChange={(value) => set({ evidence: value })} options={evidence.map((value) => ({ value, label: t(`rule.evidenceKind.${value}`) }))} />}
      {draft.evidence === 'within_days' && <TextField id={`${at}-days`} label={t('rule.days')} width="xs" inputMode="numeric" value={draft.days} onChange={(days) => set({ days })} />}
      {draft.evidence === 'by_date' && <DayField at={at} draft={draft} onChange={onChange} />}
      <div className="kp-row">
        <Select id={`${at}-reserve`} label={t('rule.reserve')} hint={t('rule.reserveHint')} value={draft.reserve} empty={t('rule.reserveKind.none')} onChange={(reserve) => set({ reserve })} options={reserves.map((value) => ({ value, label: t(`rule.reserveKind.${value}`) }))} />
        {draft.reserve && <TextField id={`${at}-seats`} label={t('rule.seats')} width="xs" inputMode="numeric" value={draft.seats} onChange={(seats) => set({ seats })} />}
        {draft.reserve && <Select id={`${at}-per`} label={t('rule.per')} value={draft.per} onChange={(per) => set({ per })} options={[{ value: 'group', label: t('rule.perGroup') }, { value: 'facility', label: t('rule.perFacility') }]} />}
      </div>
    </div>
  )
}
