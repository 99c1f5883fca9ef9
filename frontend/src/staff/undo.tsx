import { useCallback, useEffect, useRef, useState, type JSX } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Icon } from '../ui'

const SECONDS = 10
type Offer = { message: string; undo: (() => Promise<void>) | null }

/** After an action: what was done, and for ten seconds a way back. The clock stands while somebody points at it. */
export function useUndo(): { offer: (message: string, undo?: () => Promise<void>) => void; bar: JSX.Element } {
  const [current, setCurrent] = useState<Offer | null>(null)
  const [left, setLeft] = useState(SECONDS)
  const [held, setHeld] = useState(false)
  const [busy, setBusy] = useState(false)
  const { t } = useTranslation()
  const { t: staff } = useTranslation('staff')
  const mounted = useRef(true)
  useEffect(() => { mounted.current = true; return () => { mounted.current = false } }, [])
  const offer = useCallback((message: string, undo?: () => Promise<void>) => {
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
    try { await current.undo() } finally { if (mounted.current) { setBusy(false); setCurrent({ message: staff('undo.done'), undo: null }); setLeft(4) } }
  }
  const bar = (
    <div className="kp-undo-place" role="status">
      {current && (
        <div className="kp-undo" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <Icon name="check" />
          <span>{current.message}</span>
          {current.undo && <Button kind="secondary" small busy={busy} onClick={() => void run()}>{t('action.undo')}<span className="kp-undo__left" aria-hidden="true"> {left}</span></Button>}
        </div>
      )}
    </div>
  )
  return { offer, bar }
}
