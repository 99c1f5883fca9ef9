import { useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Validity } from '../../api/places-types'
import { Button, TextField } from '../../ui'
import './groups.css'

export type Errors = Record<string, string>

/** Rows of one kind that can be added and taken away; each is a group with its own name for who does not see the frame. */
export function Rows<T>({ label, rows, onChange, blank, render, add }: {
  label: (n: number) => string
  rows: T[]
  onChange: (rows: T[]) => void
  blank: () => T
  render: (row: T, set: (patch: Partial<T>) => void, n: number) => ReactNode
  add: string
}): JSX.Element {
  const { t } = useTranslation('places')
  return (
    <div className="kp-stack kp-stack--small">
      {rows.map((row, n) => (
        <fieldset key={n} className="kp-basis-row">
          <legend>{label(n + 1)}</legend>
          {render(row, (patch) => onChange(rows.map((other, at) => (at === n ? { ...other, ...patch } : other))), n)}
          <Button small kind="tertiary" icon="delete" aria-label={t('basis.removeOf', { name: label(n + 1) })} onClick={() => onChange(rows.filter((_, at) => at !== n))}>{t('basis.remove')}</Button>
        </fieldset>
      ))}
      <div className="kp-actions"><Button small kind="secondary" icon="add" onClick={() => onChange([...rows, blank()])}>{add}</Button></div>
    </div>
  )
}

/** From and to, the last day may stay empty. */
export function ValidityFields<T extends { valid_from: string; valid_to: string | null }>({ at, row, set, errors, open = true }: {
  at: string
  row: T
  set: (patch: Partial<Validity>) => void
  errors: Errors
  open?: boolean
}): JSX.Element {
  const { t } = useTranslation('places')
  return (
    <>
      <TextField id={`${at}.valid_from`} type="date" width="md" label={t('basis.from')} value={row.valid_from} onChange={(valid_from) => set({ valid_from })} error={errors[`${at}.valid_from`]} />
      <TextField id={`${at}.valid_to`} type="date" width="md" label={t('basis.to')} optional={open} value={row.valid_to ?? ''} onChange={(value) => set({ valid_to: value || null })} error={errors[`${at}.valid_to`]} />
    </>
  )
}

/** A whole number; what is no number stays 0 and is refused by the server's bounds where 0 makes no sense. */
export function NumberField({ id, label, hint, value, onChange, errors }: {
  id: string
  label: string
  hint?: string
  value: number
  onChange: (value: number) => void
  errors: Errors
}): JSX.Element {
  return <TextField id={id} label={label} {...(hint ? { hint } : {})} width="xs" inputMode="numeric" maxLength={5} value={value === 0 ? '' : String(value)} placeholder="0" onChange={(text) => onChange(Number(text.replace(/\D/g, '')))} error={errors[id]} />
}

const minutesOf = (text: string): number => Math.round(Number(text.trim().replace(',', '.')) * 60) || 0

/** Hours a week, a comma allowed; kept as minutes. What is typed stays as it is typed as long as it means the value. */
export function HoursField({ id, value, onChange, errors }: { id: string; value: number; onChange: (minutes: number) => void; errors: Errors }): JSX.Element {
  const { t, i18n } = useTranslation('places')
  const [text, setText] = useState('')
  const shown = value === 0 ? '' : new Intl.NumberFormat(i18n.language, { useGrouping: false, maximumFractionDigits: 2 }).format(value / 60)
  return <TextField id={id} label={t('basis.hours')} width="sm" inputMode="decimal" value={minutesOf(text) === value ? text || shown : shown} onChange={(typed) => { setText(typed); onChange(minutesOf(typed)) }} error={errors[id]} />
}
