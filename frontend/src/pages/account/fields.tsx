import { useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { TextField, type TextFieldProps } from '../../ui'

/** The token of a mailed link. It stands behind the "#", so it reaches no server log. */
export function useMailedToken(): string {
  const { hash } = useLocation()
  return decodeURIComponent(hash.replace(/^#/, '').replace(/^token=/, ''))
}

type PasswordProps = Omit<TextFieldProps, 'label' | 'type'> & { label?: string; fresh?: boolean }
/** A password that can be looked at while typing; pasting and password managers work. */
export function PasswordField({ label, fresh = false, ...rest }: PasswordProps): JSX.Element {
  const { t } = useTranslation('account')
  const [shown, setShown] = useState(false)
  return (
    <div className="kp-stack kp-stack--small">
      <TextField
        {...rest}
        label={label ?? t('field.password')}
        hint={fresh ? t('field.passwordHint') : undefined}
        type={shown ? 'text' : 'password'}
        autoComplete={fresh ? 'new-password' : 'current-password'}
        autoCapitalize="none"
        spellCheck={false}
      />
      <div><button type="button" className="kp-text-btn" aria-pressed={shown} onClick={() => setShown(!shown)}>{shown ? t('field.hide') : t('field.show')}</button></div>
    </div>
  )
}

export function EmailField(props: Omit<TextFieldProps, 'label' | 'type'> & { label?: string }): JSX.Element {
  const { t } = useTranslation('account')
  return <TextField {...props} label={props.label ?? t('field.email')} type="email" autoComplete="email" autoCapitalize="none" spellCheck={false} inputMode="email" />
}

export function CodeField(props: Omit<TextFieldProps, 'label' | 'type'>): JSX.Element {
  const { t } = useTranslation('account')
  return <TextField {...props} label={t('field.code')} hint={props.hint ?? t('field.codeHint')} inputMode="text" autoComplete="one-time-code" width="md" autoCapitalize="none" />
}
