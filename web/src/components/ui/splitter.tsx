import { useRef, type KeyboardEvent, type PointerEvent } from 'react'

type Props = { label: string; width: number; least: number; most: number; side: 'left' | 'right'; onChange: (width: number) => void; onReset: () => void }

const step = 16

/** The line between two panes: pulled by the mouse or moved by arrow keys, a double click puts it back. `side` says on
 * which side the pane lies whose width it is. */
export function Splitter({ label, width, least, most, side, onChange, onReset }: Props) {
  const from = useRef<{ x: number; width: number }>(undefined)
  const set = (w: number) => onChange(Math.round(Math.min(most, Math.max(least, w))))
  const sign = side === 'left' ? 1 : -1
  const onKeyDown = (e: KeyboardEvent) => {
    const to = { ArrowRight: width + sign * step, ArrowLeft: width - sign * step, Home: least, End: most }[e.key]
    if (to === undefined) return
    e.preventDefault()
    set(to)
  }
  const onPointerDown = (e: PointerEvent<HTMLDivElement>) => {
    e.currentTarget.setPointerCapture(e.pointerId)
    from.current = { x: e.clientX, width }
  }
  const onPointerMove = (e: PointerEvent) => {
    if (from.current) set(from.current.width + sign * (e.clientX - from.current.x))
  }
  return (
    <div className="relative z-10 w-0 shrink-0">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator with a value is a control (ARIA) */}
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={label}
        aria-valuenow={width}
        aria-valuemin={least}
        aria-valuemax={most}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => (from.current = undefined)}
        onPointerCancel={() => (from.current = undefined)}
        onDoubleClick={onReset}
        className="absolute inset-y-0 -left-1 w-2 cursor-col-resize touch-none transition-colors hover:bg-line-strong focus-visible:bg-brand"
      />
    </div>
  )
}
