import { useEffect, useRef, useState, type PointerEvent } from 'react'
import { isColumn, type Column } from './columns'

export type Drag = { id: string; name: string; x: number; y: number; over: Column | undefined }

const slack = 6 // pixels, before a press is a pull
const hold = 350 // ms that a finger rests before it pulls; until then it scrolls
const edge = 48 // pixels from the border at which the board scrolls along

type Press = { id: string; x: number; y: number; pointer: number; touch: boolean; timer: number | undefined }

/** Pulling cards with a mouse, a pen or a finger. `box` is what holds [data-card] and [data-column]. */
export function useDrag(onDrop: (id: string, column: Column) => void, nameFor: (id: string) => string) {
  const [drag, setDrag] = useState<Drag>()
  const box = useRef<HTMLDivElement>(null)
  const press = useRef<Press>(undefined)
  const pulled = useRef(false)
  const isPulling = drag !== undefined

  const at = (x: number, y: number): Column | undefined => {
    const name = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-column]')?.dataset.column
    return isColumn(name) ? name : undefined
  }
  const begin = (p: Press, x: number, y: number) => {
    pulled.current = true
    setDrag({ id: p.id, name: nameFor(p.id), x, y, over: at(x, y) })
  }
  const end = () => {
    window.clearTimeout(press.current?.timer)
    press.current = undefined
    setDrag(undefined)
  }
  const onPointerDown = (e: PointerEvent<HTMLElement>) => {
    const id = (e.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset.card
    pulled.current = false
    if (id === undefined || e.button !== 0) return
    const p: Press = { id, x: e.clientX, y: e.clientY, pointer: e.pointerId, touch: e.pointerType === 'touch', timer: undefined }
    if (p.touch) p.timer = window.setTimeout(() => begin(p, p.x, p.y), hold)
    press.current = p
  }
  const onPointerMove = (e: PointerEvent<HTMLElement>) => {
    const p = press.current
    if (!p || p.pointer !== e.pointerId) return
    const far = Math.hypot(e.clientX - p.x, e.clientY - p.y) > slack
    if (!isPulling) {
      if (far && p.touch) end() // the finger scrolls
      else if (far) begin(p, e.clientX, e.clientY)
      return
    }
    follow(box.current, e.clientX)
    setDrag({ ...drag, x: e.clientX, y: e.clientY, over: at(e.clientX, e.clientY) })
  }
  const onPointerUp = () => {
    if (drag?.over) onDrop(drag.id, drag.over)
    end()
  }
  useWhilePulling(isPulling, end)
  return {
    drag, box,
    handlers: {
      onPointerDown, onPointerMove, onPointerUp, onPointerCancel: end,
      onContextMenu: (e: { preventDefault: () => void }) => press.current?.touch && e.preventDefault(),
      onClickCapture: (e: { preventDefault: () => void; stopPropagation: () => void }) => {
        if (!pulled.current) return
        pulled.current = false // letting go of a card does not open it
        e.preventDefault()
        e.stopPropagation()
      },
    },
  }
}

function follow(box: HTMLElement | null, x: number) {
  if (!box) return
  const { left, right } = box.getBoundingClientRect()
  if (x > right - edge) box.scrollBy({ left: 16 })
  if (x < left + edge) box.scrollBy({ left: -16 })
}

/** While a card is pulled the page does not scroll under the finger, and Escape lets go of it. */
function useWhilePulling(isPulling: boolean, stop: () => void) {
  const cancel = useRef(stop)
  useEffect(() => {
    cancel.current = stop
  })
  useEffect(() => {
    if (!isPulling) return
    const still = (e: TouchEvent) => e.preventDefault()
    const onKey = (e: KeyboardEvent) => e.key === 'Escape' && cancel.current()
    document.addEventListener('touchmove', still, { passive: false })
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('touchmove', still)
      document.removeEventListener('keydown', onKey)
    }
  }, [isPulling])
}
