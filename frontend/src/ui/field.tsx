import { useId, type InputHTMLAttributes, type JSX, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import { useTranslation } from 'react-i18next'
import { Held } from './held'
import { Icon } from './icon'

export type FieldFrame = {
  label: ReactNode
  hint?: ReactNode
  error?: string | null | undefined
  /** True where an empty answer is fine; the label then says so. `filter`: a search filter, needs no word. */
  optional?: boolean | 'filter'
}

export const hintId = (id: string): string => `${id}-hint`
export const errorId = (id: string): string => `${id}-error`
export function describedBy(id: string, frame: Pick<FieldFrame, 'hint' | 'error'>): string | undefined {
  return [frame.hint ? hintId(id) : '', frame.error ? errorId(id) : ''].filter(Boolean).join(' ') || undefined
}

export function FieldError({ id, children }: { id: string; children: string | null | undefined }): JSX.Element {
  return (
    <Held>
      {children && (
        <p className="kern-error kp-error" id={errorId(id)}>
          <Icon name="danger" />
          <span className="kern-body">{children}</span>
        </p>
      )}
    </Held>
  )
}

export function Optional(): JSX.Element {
  const { t } = useTranslation()
  return <span className="kern-label__optional"> {t('form.optional')}</span>
}

export function Frame({ id, label, hint, error, optional, children }: FieldFrame & { id: string; children: ReactNode }): JSX.Element {
  return (
    <div className={`kern-form-input ${error ? 'kern-form-input--error' : ''}`}>
      <label className="kern-label" htmlFor={id}>{label}{optional === true && <Optional />}</label>
      {hint && <div className="kern-hint" id={hintId(id)}>{hint}</div>}
      {children}
      <FieldError id={id}>{error}</FieldError>
    </div>
  )
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'>
export type TextFieldProps = FieldFrame & InputProps & {
  value: string
  onChange: (value: string) => void
  /** How much is expected; the field is only as wide as its answer. */
  width?: 'xs' | 'sm' | 'md' | 'full'
  ref?: Ref<HTMLInputElement>
}

export function TextField({ id: given, label, hint, error, optional, value, onChange, width = 'full', ...rest }: TextFieldProps): JSX.Element {
  const own = useId()
  const id = given ?? own
  return (
    <Frame id={id} label={label} hint={hint} error={error} optional={optional ?? false}>
      <input
        {...rest}
        id={id}
        className={`kern-form-input__input kp-width-${width} ${error ? 'kern-form-input__input--error' : ''}`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={describedBy(id, { hint, error })}
        aria-invalid={error ? true : undefined}
        aria-required={optional ? undefined : true}
      />
    </Frame>
  )
}

type AreaProps = FieldFrame & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> & {
  value: string; onChange: (value: string) => void
}
export function TextArea({ id: given, label, hint, error, optional, value, onChange, rows = 4, ...rest }: AreaProps): JSX.Element {
  const own = useId()
  const id = given ?? own
  return (
    <Frame id={id} label={label} hint={hint} error={error} optional={optional ?? false}>
      <textarea
        {...rest}
        id={id}
        rows={rows}
        className={`kern-form-input__input kp-textarea ${error ? 'kern-form-input__input--error' : ''}`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={describedBy(id, { hint, error })}
        aria-invalid={error ? true : undefined}
      />
    </Frame>
  )
}

export type Option<V extends string = string> = { value: V; label: string; hint?: ReactNode; disabled?: boolean }
type SelectProps<V extends string> = FieldFrame & Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> & {
  value: V | ''
  onChange: (value: V) => void
  options: Option<V>[]
  /** Text of the first, empty choice; without it the first option is the answer. */
  empty?: string
}
export function Select<V extends string>({ id: given, label, hint, error, optional, value, onChange, options, empty, ...rest }: SelectProps<V>): JSX.Element {
  const own = useId()
  const id = given ?? own
  return (
    <Frame id={id} label={label} hint={hint} error={error} optional={optional ?? false}>
      <div className={`kern-form-input__select-wrapper ${error ? 'kern-form-input__select-wrapper--error' : ''}`}>
        <select
          {...rest}
          id={id}
          className="kern-form-input__select"
          value={value}
          onChange={(event) => onChange(event.target.value as V)}
          aria-describedby={describedBy(id, { hint, error })}
          aria-invalid={error ? true : undefined}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>{option.label}</option>
          ))}
        </select>
      </div>
    </Frame>
  )
}
