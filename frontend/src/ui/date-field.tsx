import { useId, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import type { DateParts } from '../lib/dates'
import { Fieldset } from './choice'
import type { FieldFrame } from './field'

type Props = FieldFrame & {
  id?: string
  value: DateParts
  onChange: (value: DateParts) => void
  onBlur?: () => void
  /** Set for the own or the child's birthday, so that the browser can help. */
  birthday?: boolean
}

/** A date as three plain fields: nobody has to find a day fifteen months ago in a calendar. */
export function DateField({ id: given, value, onChange, onBlur, birthday, ...frame }: Props): JSX.Element {
  const { t } = useTranslation()
  const own = useId()
  const id = given ?? own
  const part = (name: keyof DateParts, length: number, auto: string) => (
    <div className="kern-form-input kp-date__part">
      <label className="kern-label" htmlFor={`${id}-${name}`}>{t(`form.${name}`)}</label>
      <input
        id={`${id}-${name}`}
        className={`kern-form-input__input ${frame.error ? 'kern-form-input__input--error' : ''}`}
        inputMode="numeric"
        maxLength={length}
        size={length}
        value={value[name]}
        autoComplete={birthday ? auto : 'off'}
        aria-invalid={frame.error ? true : undefined}
        onBlur={onBlur}
        onChange={(event) => onChange({ ...value, [name]: event.target.value.replace(/[^0-9]/g, '') })}
      />
    </div>
  )
  return (
    <Fieldset {...frame} id={id} horizontal>
      {part('day', 2, 'bday-day')}
      {part('month', 2, 'bday-month')}
      {part('year', 4, 'bday-year')}
    </Fieldset>
  )
}
