import { useCallback, useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Icon } from '../ui'
import { isTyping } from './keyboard'

const SECONDS = 10
/** Takes the action back; answers in a sentence what of it stays, where not all could be taken back. */
export type Undo = () => Promise<string | void>
type Offer = { message: string; undo: Undo | null; failed?: boolean }

/** After an action: what was done, and for ten seconds a way back. The clock stands while somebody points at it. */
export function useUndo(): { offer: (message: string, undo?: Undo) => void; bar: JSX.Element } {
  const [current, setCurrent] = useState<Offer | null>(null)
  const [left, setLeft] = useState(SECONDS)
  const [held, setHeld] = useState(false)
  const [busy, setBusy] = useState(false)
  const { t } = useTranslation()
  const { t: staff } = useTranslation('staff')
  const mounted = useRef(true)
  useEffect(() => { mounted.current = true; return () => { mounted.current = false } }, [])
  const offer = useCallback((message: string, undo?: Undo) => {
    setCurrent({ message, undo: undo ?? null })
    setLeft(SECONDS)
    setBusy(false)
  }, [])
  useEffect(() => {
    if (!current || held || busy) return undefined
    if (left <= 0) { setCurrent(null); return undefined }
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [current, left, held, busy])
  const run = async () => {
    if (!current?.undo) return
    setBusy(true)
    // What somebody else has changed meanwhile cannot be taken back; that is said too.
    const stays = await current.undo().catch(() => staff('undo.failed'))
    if (!mounted.current) return
    setBusy(false)
    setCurrent({ message: stays ?? staff('undo.done'), undo: null, failed: stays !== undefined })
    setLeft(stays === undefined ? 4 : SECONDS)
  }
  // The way to the button is long for who has no mouse, and ten seconds are short.
  const runs = useRef(run)
  runs.current = run
  const canUndo = Boolean(current?.undo) && !busy
  useEffect(() => {
    if (!canUndo) return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event.target)) return
      event.preventDefault()
      void runs.current()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [canUndo])
  const bar = (
    <div className="kp-undo-place" role="status">
      {current && (
        <div className="kp-undo" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <Icon name={current.failed ? 'warning' : 'check'} />
          <span>{current.message}</span>
          {current.undo && <Button kind="secondary" small busy={busy} aria-keyshortcuts="Control+Z" onClick={() => void run()}>{t('action.undo')}<span className="kp-undo__left" aria-hidden="true"> {left}</span></Button>}
        </div>
      )}
    </div>
  )
  return { offer, bar }
}
