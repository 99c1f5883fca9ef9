import { useState, type JSX, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiError } from '../api/client'
import { Button, type ButtonProps } from './button'
import { ProblemView } from './feedback'
import { Dialog } from './surface'

type Props = {
  label: string
  /** What is asked; `children` says what follows from it. */
  title: string
  children: ReactNode
  /** The word on the button that does it, where it differs from the one that asks. */
  confirm?: string
  problem?: ApiError | null
  /** False keeps the question open, with what went wrong. */
  onRun: () => Promise<boolean>
  /** Whether what is done takes something away. */
  danger?: boolean
} & Pick<ButtonProps, 'kind' | 'small' | 'icon' | 'aria-label'>

/** A button for what cannot be undone: it says what follows and asks once. */
export function AskedButton({ label, title, children, confirm, problem, onRun, danger = true, kind = 'secondary', ...button }: Props): JSX.Element {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const close = () => setOpen(false)
  const run = async () => {
    setBusy(true)
    try { if (await onRun()) close() } finally { setBusy(false) }
  }
  return (
    <>
      <Button {...button} kind={kind} danger={danger} onClick={() => setOpen(true)}>{label}</Button>
      <Dialog open={open} title={title} onClose={close} footer={<><Button kind="secondary" onClick={close}>{t('action.cancel')}</Button><Button danger={danger} busy={busy} onClick={() => void run()}>{confirm ?? label}</Button></>}>
        <p className="kern-body">{children}</p>
        <ProblemView problem={problem} />
      </Dialog>
    </>
  )
}
