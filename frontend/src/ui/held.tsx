import { useEffect, useLayoutEffect, useRef, type JSX, type ReactNode } from 'react'

/**
 * Keeps the room of what goes away until the next press is over: what was typed takes a message away, the page below it would move
 * up, and the finger that is on its way to a button would miss it.
 */
export function Held({ children }: { children: ReactNode }): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const tall = useRef(0)
  const leave = useRef<(() => void) | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const empty = element.childElementCount === 0
    if (empty && tall.current === 0) {
      element.hidden = true
      return
    }
    element.hidden = false
    element.style.minBlockSize = ''
    const now = empty ? 0 : element.offsetHeight
    if (now >= tall.current) {
      tall.current = now
      return
    }
    element.style.minBlockSize = `${tall.current}px`
    if (leave.current) return
    const release = () => setTimeout(() => {
      leave.current = null
      element.style.minBlockSize = ''
      element.hidden = element.childElementCount === 0
      tall.current = element.hidden ? 0 : element.offsetHeight
    })
    // A button that is pressed by the keyboard is clicked as well.
    document.addEventListener('click', release, { capture: true, once: true })
    leave.current = () => document.removeEventListener('click', release, true)
  })
  useEffect(() => () => leave.current?.(), [])
  return <div ref={box} hidden>{children}</div>
}
