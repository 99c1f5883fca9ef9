import type { JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { toIso, type DateParts } from '../../lib/dates'
import { Fieldset, TextField } from '../../ui'

export const monthDay = (text: string | null): DateParts => {
  const [month = '', day = ''] = (text ?? '').split('-')
  return { day: day && String(Number(day)), month: month && String(Number(month)), year: '2028' }
}
/** "02-29" is allowed: 2028 is a leap year. */
export const toMonthDay = (parts: DateParts): string | null => toIso({ ...parts, year: '2028' })?.slice(5) ?? null

/** A day of every year. */
export function MonthDay({ id, label, hint, optional, value, onChange, error }: { id: string; label: string; hint: string; optional?: boolean; value: DateParts; onChange: (value: DateParts) => void; error: string | undefined }): JSX.Element {
  const { t } = useTranslation()
  const digits = (text: string) => text.replace(/\D/g, '')
  return (
    <Fieldset id={id} label={label} hint={hint} optional={optional ?? false} error={error ?? null} horizontal>
      <TextField label={t('form.day')} width="xs" inputMode="numeric" maxLength={2} value={value.day} onChange={(day) => onChange({ ...value, day: digits(day) })} />
      <TextField label={t('form.month')} width="xs" inputMode="numeric" maxLength={2} value={value.month} onChange={(month) => onChange({ ...value, month: digits(month) })} />
    </Fieldset>
  )
}
