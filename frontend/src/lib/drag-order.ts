import { useRef, useState, type PointerEvent, type RefObject } from 'react'

type Grip = {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void
  onPointerMove: (event: PointerEvent<HTMLElement>) => void
  onPointerUp: (event: PointerEvent<HTMLElement>) => void
  onPointerCancel: () => void
}
type DragOrder = {
  box: RefObject<HTMLOListElement | null>
  /** For a button of a row (`data-move`): it travels with its row, and at an end its twin takes the focus. */
  press: (from: number, to: number) => void
  /** For the grip of a row. The page does not scroll under a finger there (`touch-action: none`). */
  grip: (index: number) => Grip
  /** The row that is dragged, and the one whose place it would take. */
  dragged: number | null
  over: number | null
}
/** So near to the edge of the window the page moves along. */
const EDGE = 72

/** Rows of a list are moved by buttons, or dragged by their grip, with a mouse, a pen or a finger alike; the browser's own dragging knows no fingers everywhere. */
export function useDragOrder(move: (from: number, to: number) => void): DragOrder {
  const box = useRef<HTMLOListElement>(null)
  const [drag, setDrag] = useState<{ from: number; over: number } | null>(null)
  const at = (y: number, from: number) => {
    const rows = [...(box.current?.children ?? [])].map((row) => row.getBoundingClientRect())
    const found = rows.findIndex((row) => y < row.bottom)
    return rows.length === 0 ? from : found === -1 ? rows.length - 1 : found
  }
  const follow = (y: number) => {
    if (y < EDGE) window.scrollBy(0, -EDGE / 4)
    else if (y > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4)
  }
  const press = (from: number, to: number) => {
    move(from, to)
    requestAnimationFrame(() => {
      const row = box.current?.children[to]
      const wanted = row?.querySelector<HTMLButtonElement>(to < from ? '[data-move=up]' : '[data-move=down]')
      const twin = row?.querySelector<HTMLButtonElement>('[data-move]:not(:disabled)')
      ;(wanted && !wanted.disabled ? wanted : twin)?.focus()
    })
  }
  return {
    box,
    press,
    dragged: drag?.from ?? null,
    over: drag?.over ?? null,
    grip: (index) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrag({ from: index, over: index })
      },
      onPointerMove: (event) => {
        if (!drag) return
        follow(event.clientY)
        setDrag({ from: drag.from, over: at(event.clientY, drag.from) })
      },
      onPointerUp: (event) => {
        if (drag) move(drag.from, at(event.clientY, drag.from))
        setDrag(null)
      },
      onPointerCancel: () => setDrag(null),
    }),
  }
}
