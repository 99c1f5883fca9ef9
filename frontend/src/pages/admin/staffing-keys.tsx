import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/context'
import { useGet, useIdempotencyKey, useRefresh, useSend } from '../../api/hooks'
import type { Ratio, StaffingKey, StaffingKeyInput, StaffingRule } from '../../api/places-types'
import type { Items } from '../../api/types'
import { useWords } from '../../lib/words'
import { Badge, Button, EmptyState, ErrorState, ErrorSummary, Page, Section, Skeleton, TextField, useFieldErrors } from '../../ui'
import { namedSummary, useFormat, useUndo } from '../../staff'
import '../work/groups.css'

const BANDS = ['under3', 'over3', 'school_age'] as const
const BLANK: Ratio = { staff_minutes: 2400, children: 10, child_minutes: 2700, planned_minutes: 2700 }
const EMPTY: StaffingRule = { hour_classes: [], under3: BLANK, over3: BLANK, school_age: BLANK, absence_percent: 0, head_percent: 0, head_at_most_minutes: 0 }

function useHours(): (minutes: number) => string {
  const { i18n } = useTranslation()
  return (minutes) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(minutes / 60)
}

function RuleWords({ rule }: { rule: StaffingRule }): JSX.Element {
  const { t } = useTranslation('places')
  const words = useWords()
  const hours = useHours()
  return (
    <ul className="kp-list">
      {BANDS.map((band) => (
        <li key={band}>{t('keys.ratio', { band: words.ageBand(band), staff: hours(rule[band].staff_minutes), count: rule[band].children, care: hours(rule[band].child_minutes), planned: hours(rule[band].planned_minutes) })}</li>
      ))}
      {rule.hour_classes.length > 0 && <li>{t('keys.classes', { list: rule.hour_classes.map((one) => t('keys.class', { to: hours(one.up_to), as: hours(one.counts_as) })).join('; ') })}</li>}
      {rule.absence_percent > 0 && <li>{t('keys.absence', { percent: rule.absence_percent })}</li>}
      {rule.head_percent > 0 && <li>{t('keys.head', { percent: rule.head_percent, most: hours(rule.head_at_most_minutes) })}</li>}
    </ul>
  )
}

function Numbers({ at, ratio, set, errors }: { at: string; ratio: Ratio; set: (patch: Partial<Ratio>) => void; errors: Record<string, string> }): JSX.Element {
  const { t } = useTranslation('places')
  const field = (name: keyof Ratio, per: number) => (
    <TextField id={`${at}.${name}`} label={t(`keys.${name}`)} width="sm" inputMode="numeric" maxLength={6} value={ratio[name] ? String(Math.round(ratio[name] / per)) : ''} onChange={(text) => set({ [name]: Number(text.replace(/\D/g, '')) * per })} error={errors[`${at}.${name}`]} />
  )
  return <div className="kp-grid2">{field('staff_minutes', 60)}{field('children', 1)}{field('child_minutes', 60)}{field('planned_minutes', 60)}</div>
}

function AddForm({ start, onAdded }: { start: StaffingRule; onAdded: () => void }): JSX.Element {
  const { t } = useTranslation('places')
  const words = useWords()
  const api = useApi()
  const serverErrors = useFieldErrors()
  const { key, renew } = useIdempotencyKey()
  const [value, setValue] = useState<StaffingKeyInput>({ name: '', valid_from: '', rule: start })
  const [tried, setTried] = useState(false)
  const change = (patch: Partial<StaffingKeyInput>) => { renew(); setValue((old) => ({ ...old, ...patch })) }
  const rule = (patch: Partial<StaffingRule>) => change({ rule: { ...value.rule, ...patch } })
  const send = useSend(() => api.post('/admin/staffing-keys', value, { idempotencyKey: key() }))
  const own: Record<string, string> = {}
  if (!value.name.trim()) own['name'] = t('keys.needName')
  if (!value.valid_from) own['valid_from'] = t('basis.needDate')
  const errors: Record<string, string> = { ...serverErrors(send.error), ...(tried ? own : {}) }
  const submit = async () => {
    setTried(true)
    if (Object.keys(own).length > 0) return
    const answer = await send.run()
    if (answer?.ok) { renew(); setTried(false); onAdded() }
  }
  const percent = (name: 'absence_percent' | 'head_percent') => (
    <TextField id={`rule.${name}`} label={t(`keys.${name}`)} width="xs" inputMode="numeric" maxLength={3} value={String(value.rule[name])} onChange={(text) => rule({ [name]: Number(text.replace(/\D/g, '')) })} error={errors[`rule.${name}`]} />
  )
  return (
    <form className="kp-form" noValidate onSubmit={(event) => { event.preventDefault(); void submit() }}>
      <ErrorSummary errors={namedSummary(errors, { name: t('keys.name'), valid_from: t('keys.from') })} problem={send.error} />
      <TextField id="name" label={t('keys.name')} hint={t('keys.nameHint')} maxLength={200} value={value.name} onChange={(name) => change({ name })} error={errors['name']} />
      <TextField id="valid_from" type="date" width="md" label={t('keys.from')} value={value.valid_from} onChange={(valid_from) => change({ valid_from })} error={errors['valid_from']} />
      {BANDS.map((band) => (
        <fieldset key={band} className="kp-basis-row">
          <legend>{words.ageBand(band)}</legend>
          <Numbers at={`rule.${band}`} ratio={value.rule[band]} set={(patch) => rule({ [band]: { ...value.rule[band], ...patch } })} errors={errors} />
        </fieldset>
      ))}
      <div className="kp-grid2">
        {percent('absence_percent')}
        {percent('head_percent')}
        <TextField id="rule.head_at_most_minutes" label={t('keys.head_at_most')} hint={t('keys.headHint')} width="sm" inputMode="numeric" maxLength={4} value={String(Math.round(value.rule.head_at_most_minutes / 60))} onChange={(text) => rule({ head_at_most_minutes: Number(text.replace(/\D/g, '')) * 60 })} error={errors['rule.head_at_most_minutes']} />
      </div>
      <div className="kp-actions"><Button type="submit" busy={send.busy}>{t('keys.add')}</Button></div>
    </form>
  )
}

/** Staffing keys: the federal state's, and the municipality's own from a day on. */
export function StaffingKeysPage(): JSX.Element {
  const { t } = useTranslation('places')
  const format = useFormat()
  const refresh = useRefresh()
  const { offer, bar } = useUndo()
  const query = useGet<Items<StaffingKey>>('/staff/staffing-keys')
  const items = query.data?.items ?? []
  return (
    <Page title={t('keys.title')} lead={t('keys.lead')} width="full">
      {query.isPending && <Skeleton blocks={2} lines={4} />}
      {query.error && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && items.length === 0 && <EmptyState title={t('keys.none')}>{t('keys.noneText')}</EmptyState>}
      <ul className="kp-plain-list kp-stack">
        {items.map((key) => (
          <li key={`${key.id}${key.valid_from}`} className="kp-basis-row">
            <p className="kp-row"><strong>{key.name}</strong>{key.in_force && <Badge tone="success" icon="check-circle">{t('keys.inForce')}</Badge>}{!key.id && <Badge tone="info" icon="info">{t('keys.shipped')}</Badge>}</p>
            <p className="kern-body kp-small">{t('keys.since', { date: format.date(key.valid_from) })}</p>
            <RuleWords rule={key.rule} />
          </li>
        ))}
      </ul>
      {query.isSuccess && (
        <Section title={t('keys.addTitle')}>
          <div className="kp-page--text"><AddForm key={items.length} start={items.at(-1)?.rule ?? EMPTY} onAdded={() => { offer(t('keys.added')); void refresh('/staff') }} /></div>
        </Section>
      )}
      {bar}
    </Page>
  )
}
