import { useEffect, useState, type JSX, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Dialog } from '../ui'

/** Whether a key is part of what somebody types. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]), select, textarea'))

type Handlers = { enabled: boolean; onToggle?: (id: string) => void; onClose?: () => void }

/** j and k move the focus from row to row, x ticks the row, Escape closes the panel, ? tells all this. */
export function useRowKeys(box: RefObject<HTMLElement | null>, { enabled, onToggle, onClose }: Handlers) {
  const [help, setHelp] = useState(false)
  useEffect(() => {
    if (!enabled) return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
      // Escape in a field must not close the case with what was typed there.
      if (isTyping(event.target)) return
      if (event.key === 'Escape' && onClose) { onClose(); return }
      const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
      const at = rows.findIndex((row) => row.contains(document.activeElement))
      const go = (index: number) => rows[index]?.querySelector<HTMLElement>('[data-open]')?.focus()
      if (event.key === 'j') go(Math.min(at + 1, rows.length - 1))
      else if (event.key === 'k') go(at === -1 ? 0 : Math.max(at - 1, 0))
      else if (event.key === 'x' && onToggle && at >= 0) onToggle(rows[at]?.dataset['row'] ?? '')
      else if (event.key === '?') setHelp(true)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [box, enabled, onToggle, onClose])
  return { help, setHelp }
}

export function KeyHelp({ open, onClose, selectable }: { open: boolean; onClose: () => void; selectable: boolean }): JSX.Element {
  const { t } = useTranslation('staff')
  const { t: common } = useTranslation()
  const rows: [string, string][] = [
    ['j', t('keys.down')], ['k', t('keys.up')], ['Enter', t('keys.open')],
    ...(selectable ? [['x', t('keys.select')] as [string, string]] : []),
    ['Esc', t('keys.close')], [t('keys.ctrlZ'), t('keys.undo')], ['?', t('keys.help')],
  ]
  return (
    <Dialog open={open} title={t('keys.title')} onClose={onClose} footer={<Button onClick={onClose}>{common('action.close')}</Button>}>
      <dl className="kp-keys">
        {rows.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div>)}
      </dl>
    </Dialog>
  )
}
