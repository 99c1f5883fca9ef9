import { useId, type JSX, type ReactNode } from 'react'
import { describedBy, FieldError, hintId, Optional, type FieldFrame, type Option } from './field'

type GroupProps = FieldFrame & { id: string; children: ReactNode; horizontal?: boolean }

/** A question with several answers: the legend is read before each of them. */
export function Fieldset({ id, label, hint, error, optional, horizontal, children }: GroupProps): JSX.Element {
  return (
    <fieldset className={`kern-fieldset ${error ? 'kern-fieldset--error' : ''}`} aria-describedby={describedBy(id, { hint, error })} id={id} tabIndex={-1}>
      <legend className="kern-label">{label}{optional === true && <Optional />}</legend>
      {hint && <div className="kern-hint" id={hintId(id)}>{hint}</div>}
      <div className={`kern-fieldset__body ${horizontal ? 'kern-fieldset__body--horizontal' : ''}`}>{children}</div>
      <FieldError id={id}>{error}</FieldError>
    </fieldset>
  )
}

type RadioGroupProps<V extends string> = FieldFrame & {
  id?: string
  value: V | '' | null
  onChange: (value: V) => void
  options: Option<V>[]
  horizontal?: boolean
}
export function RadioGroup<V extends string>({ id: given, value, onChange, options, ...frame }: RadioGroupProps<V>): JSX.Element {
  const own = useId()
  const id = given ?? own
  return (
    <Fieldset {...frame} id={id}>
      {options.map((option) => {
        const optionId = `${id}-${option.value}`
        return (
          <div className="kp-choice" key={option.value}>
            <div className="kern-form-check">
              <input
                className={`kern-form-check__radio ${frame.error ? 'kern-form-check__radio--error' : ''}`}
                type="radio"
                id={optionId}
                name={id}
                value={option.value}
                checked={value === option.value}
                disabled={option.disabled}
                onChange={() => onChange(option.value)}
                aria-describedby={option.hint ? hintId(optionId) : undefined}
              />
              <label className="kern-label" htmlFor={optionId}>{option.label}</label>
            </div>
            {option.hint && <div className="kern-hint kp-choice__hint" id={hintId(optionId)}>{option.hint}</div>}
          </div>
        )
      })}
    </Fieldset>
  )
}

type CheckboxProps = {
  id?: string
  label: ReactNode
  hint?: ReactNode
  error?: string | null | undefined
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
}
export function Checkbox({ id: given, label, hint, error, checked, disabled, onChange }: CheckboxProps): JSX.Element {
  const own = useId()
  const id = given ?? own
  return (
    <div className={`kp-choice ${error ? 'kern-form-check--error' : ''}`}>
      <div className="kern-form-check">
        <input
          className={`kern-form-check__checkbox ${error ? 'kern-form-check__checkbox--error' : ''}`}
          type="checkbox"
          id={id}
          checked={checked}
          disabled={disabled}
          onChange={(event) => onChange(event.target.checked)}
          aria-describedby={describedBy(id, { hint, error })}
          aria-invalid={error ? true : undefined}
        />
        <label className="kern-label" htmlFor={id}>{label}</label>
      </div>
      {hint && <div className="kern-hint kp-choice__hint" id={hintId(id)}>{hint}</div>}
      <FieldError id={id}>{error}</FieldError>
    </div>
  )
}
