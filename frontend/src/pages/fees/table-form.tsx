import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { FeeCare, FeeRow, FeeSchedule, FeeTableInput } from '../../api/fee-types'
import { Button, Checkbox, Fieldset, RadioGroup, TextArea, TextField } from '../../ui'
import { BracketForm } from './bracket-form'
import { CARES, fromCents, toCents, toHours, useMoney } from './money'

type BaseDraft = { used: boolean; cents: string; full: string; hours: string }
export type TableDraft = { kind: 'formula' | 'rows'; bases: Record<FeeCare, BaseDraft>; factors: { both: string; lone: string }[]; text: string }

const NO_BASE: BaseDraft = { used: false, cents: '', full: '45', hours: '20, 25, 30, 35, 40, 45' }
const YES = ['ja', 'yes', '1']

/** One line a row: care;hours;income;lone;child;amount. */
const toLine = (row: FeeRow): string => [row.care, row.hours_per_week, row.income_up_to ?? '', row.lone_parent ? 'ja' : 'nein', row.child, fromCents(row.cents)].join(';')

function toRow(line: string): FeeRow | null {
  const [care = '', hours = '', income = '', lone = '', child = '', amount = ''] = line.split(/[;\t]/).map((part) => part.trim())
  const cents = toCents(amount)
  const known = CARES.find((entry) => entry === care)
  const whole = (text: string) => /^\d+$/.test(text)
  if (!known || !whole(hours) || (income && !whole(income)) || !whole(child) || cents === null) return null
  return { care: known, hours_per_week: Number(hours), income_up_to: income ? Number(income) : null, lone_parent: YES.includes(lone.toLowerCase()), child: Number(child), cents }
}

export function toDraft({ formula, rows }: FeeSchedule): TableDraft {
  const bases = { nursery: NO_BASE, kindergarten: NO_BASE, after_school: NO_BASE }
  const factors: TableDraft['factors'] = []
  if (formula?.kind === 'formula') {
    for (const base of formula.bases) bases[base.care] = { used: true, cents: fromCents(base.cents), full: String(base.full_hours), hours: base.hours_per_week.join(', ') }
    for (const factor of formula.factors) {
      const at = (factors[factor.child - 1] ??= { both: '', lone: '' })
      at[factor.lone_parent ? 'lone' : 'both'] = String(factor.percent)
    }
  }
  return { kind: formula || rows.length === 0 ? 'formula' : 'rows', bases, factors: factors.length > 0 ? factors : [{ both: '100', lone: '' }], text: rows.map(toLine).join('\n') }
}

/** What is sent; null while a field is no number. */
export function toInput(draft: TableDraft): FeeTableInput | null {
  if (draft.kind === 'rows') {
    const rows = draft.text.split('\n').filter((line) => line.trim()).map(toRow)
    const sound = rows.filter((row) => row !== null)
    return sound.length === rows.length && rows.length > 0 ? { kind: 'rows', rows: sound } : null
  }
  const bases = CARES.filter((care) => draft.bases[care].used).map((care) => ({ care, cents: toCents(draft.bases[care].cents), full_hours: Number(draft.bases[care].full), hours_per_week: toHours(draft.bases[care].hours) }))
  const factors = draft.factors.flatMap(({ both, lone }, n) => [
    { lone_parent: false, child: n + 1, percent: both }, ...(lone.trim() ? [{ lone_parent: true, child: n + 1, percent: lone }] : []),
  ])
  const percents = factors.every((factor) => /^\d{1,3}$/.test(factor.percent.trim()))
  const sound = bases.flatMap(({ cents, hours_per_week, full_hours, ...base }) => (cents === null || !hours_per_week || !Number.isInteger(full_hours) || full_hours < 1 ? [] : [{ ...base, cents, full_hours, hours_per_week }]))
  if (!percents || sound.length !== bases.length || sound.length === 0) return null
  return { kind: 'formula', bases: sound, factors: factors.map((factor) => ({ ...factor, percent: Number(factor.percent) })) }
}

/** A table in words, a line for each thing that somebody can have changed. */
export function useTableLines(): (draft: TableDraft) => string[] {
  const { t } = useTranslation('fees')
  const money = useMoney()
  const child = (n: number) => t('child', { n })
  return (draft) => {
    if (draft.kind === 'rows') {
      return draft.text.split('\n').filter((line) => line.trim()).map((line) => {
        const row = toRow(line)
        if (!row) return line.trim()
        const income = row.income_up_to === null ? '' : t('form.upTo', { income: row.income_up_to })
        return [money.care(row.care), t('form.hoursOf', { count: row.hours_per_week }), income, row.lone_parent ? t('form.lone', { child: child(row.child) }) : child(row.child), `${fromCents(row.cents)} €`].filter(Boolean).join(', ')
      })
    }
    const bases = CARES.filter((care) => draft.bases[care].used).map((care) => {
      const base = draft.bases[care]
      return [`${t('form.full', { care: money.care(care) })}: ${base.cents}`, t('form.hoursOf', { count: Number(base.full) || 0 }), base.hours].join('; ')
    })
    return [...bases, ...draft.factors.map(({ both, lone }, n) => [`${child(n + 1)}: ${both} %`, lone.trim() && `${t('form.lone', { child: child(n + 1) })}: ${lone} %`].filter(Boolean).join('; '))]
  }
}

function BaseFields({ care, value, onChange }: { care: FeeCare; value: BaseDraft; onChange: (next: BaseDraft) => void }): JSX.Element {
  const { t } = useTranslation('fees')
  const money = useMoney()
  const name = money.care(care)
  return (
    <div className="kp-stack kp-stack--small">
      <Checkbox id={`${care}-used`} label={name} checked={value.used} onChange={(used) => onChange({ ...value, used })} />
      {value.used && (
        <div className="kp-form__pair">
          <TextField id={`${care}-cents`} label={t('form.full', { care: name })} width="sm" inputMode="decimal" value={value.cents} onChange={(cents) => onChange({ ...value, cents })} error={value.cents && toCents(value.cents) === null ? t('form.noAmount') : null} />
          <TextField id={`${care}-full`} label={t('form.fullHours', { care: name })} width="xs" inputMode="numeric" value={value.full} onChange={(full) => onChange({ ...value, full })} />
          <TextField id={`${care}-hours`} label={t('form.steps', { care: name })} value={value.hours} onChange={(hours) => onChange({ ...value, hours })} error={toHours(value.hours) ? null : t('form.noHours')} />
        </div>
      )}
    </div>
  )
}

/** A table by its rule (full fee, hours, percent) or row by row; what comes out is shown below after saving. */
export function TableForm({ value, onChange }: { value: TableDraft; onChange: (next: TableDraft) => void }): JSX.Element {
  const { t } = useTranslation('fees')
  const { t: brackets } = useTranslation('brackets')
  const factor = (n: number, patch: Partial<{ both: string; lone: string }>) => onChange({ ...value, factors: value.factors.map((old, at) => (at === n ? { ...old, ...patch } : old)) })
  return (
    <div className="kp-stack" id="table" tabIndex={-1}>
      <RadioGroup id="kind" label={t('form.kind')} value={value.kind} onChange={(kind) => onChange({ ...value, kind })} options={(['formula', 'rows'] as const).map((kind) => ({ value: kind, label: t(`form.${kind}`), hint: t(`form.${kind}Hint`) }))} />
      {value.kind === 'rows' && (
        <>
          <BracketForm text={value.text} onChange={(text) => onChange({ ...value, text })} />
          <details>
            <summary>{brackets('paste')}</summary>
            <TextArea id="rows-text" label={t('form.text')} hint={t('form.textHint')} rows={12} spellCheck={false} value={value.text} onChange={(text) => onChange({ ...value, text })} />
          </details>
        </>
      )}
      {value.kind === 'formula' && (
        <>
          <Fieldset id="bases" label={t('form.bases')} hint={t('form.basesHint')}>
            {CARES.map((care) => <BaseFields key={care} care={care} value={value.bases[care]} onChange={(next) => onChange({ ...value, bases: { ...value.bases, [care]: next } })} />)}
          </Fieldset>
          <Fieldset id="factors" label={t('form.factors')} hint={t('form.factorsHint')}>
            {value.factors.map((entry, n) => (
              <div className="kp-form__pair" key={n}>
                <TextField id={`both-${n}`} label={t('form.both', { child: t('child', { n: n + 1 }) })} width="xs" inputMode="numeric" value={entry.both} onChange={(both) => factor(n, { both })} />
                <TextField id={`lone-${n}`} label={t('form.lone', { child: t('child', { n: n + 1 }) })} width="xs" inputMode="numeric" value={entry.lone} onChange={(lone) => factor(n, { lone })} />
              </div>
            ))}
            <div className="kp-actions">
              {value.factors.length < 9 && <Button small kind="tertiary" icon="add" onClick={() => onChange({ ...value, factors: [...value.factors, { both: '0', lone: '0' }] })}>{t('form.moreChildren')}</Button>}
              {value.factors.length > 1 && <Button small kind="tertiary" onClick={() => onChange({ ...value, factors: value.factors.slice(0, -1) })}>{t('form.fewerChildren')}</Button>}
            </div>
          </Fieldset>
        </>
      )}
    </div>
  )
}
