import { useRef, useState, type CSSProperties, type KeyboardEvent } from 'react'

/** A picture of bars beside each other, months or days: one of them is told in words, and arrow keys go from one to the next. */
export function usePlot(count: number) {
  const [at, setAt] = useState(0)
  const bars = useRef<(HTMLButtonElement | null)[]>([])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -count, End: count }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max(at + step, 0), count - 1)
    setAt(next)
    bars.current[next]?.focus()
  }
  const style: CSSProperties = { gridTemplateColumns: `repeat(${count}, minmax(1.125rem, 1fr))` }
  return { at, setAt, bars, plot: { style, onKeyDown } }
}
