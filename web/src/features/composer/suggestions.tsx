import { useEffect, useRef, type ReactNode } from 'react'
import { cx } from '@/lib/cx'

type Props = { id: string; label: string; count: number; at: number; onChoose: (i: number) => void; onAt: (i: number) => void; option: (i: number) => ReactNode; empty: string }

/** What a word with a mark called up, above the box: the focus stays in the box, arrows move the choice. */
export function Suggestions({ id, label, count, at, onChoose, onAt, option, empty }: Props) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at])
  return (
    <div className="absolute inset-x-0 bottom-full z-20 mb-2 overflow-hidden rounded-lg border border-line bg-paper shadow-lifted">
      <p className="border-b border-line px-3 py-1.5 text-tiny font-medium text-soft">{label}</p>
      {count === 0 && <p className="px-3 py-2 text-soft">{empty}</p>}
      <ul ref={list} id={id} role="listbox" aria-label={label} className="max-h-64 overflow-y-auto p-1">
        {Array.from({ length: count }, (_, i) => (
          // The keyboard's way is the box above: its arrows and Enter.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={i}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerMove={() => i !== at && onAt(i)}
            onPointerDown={(e) => e.preventDefault()}
            onClick={() => onChoose(i)}
            className={cx('cursor-pointer rounded-md px-2.5 py-1.5', i === at && 'bg-hover')}
          >
            {option(i)}
          </li>
        ))}
      </ul>
    </div>
  )
}
