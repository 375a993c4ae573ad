import { useQuery } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { nameOf } from '../conversation-card'
import { countsQuery } from '../queries'
import { BoardColumn } from './board-column'
import { columns, type Column } from './columns'
import { useDrag } from './use-drag'
import { useLift } from './use-lift'
import { useMove } from './use-move'

type Props = { filter: ListFilter; chosen: string | undefined; me: string; showUnit: boolean }

/** All conversations by status. Cards are moved by mouse, finger or keyboard. */
export function Board({ filter, chosen, me, showUnit }: Props) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const counts = useQuery(countsQuery(filter))
  const move = useMove(me)
  const known = useRef(new Map<string, Conversation>())
  const onCards = useCallback((cards: Conversation[]) => cards.forEach((c) => known.current.set(c.id, c)), [])
  const drop = useCallback((id: string, column: Column) => {
    const card = known.current.get(id)
    if (card) move(card, column)
  }, [move])
  const nameFor = useCallback((id: string) => {
    const card = known.current.get(id)
    return card ? nameOf(card) : ''
  }, [])
  const { drag, box, handlers } = useDrag(drop, nameFor)
  const { lift, onKeyDown, onBlur } = useLift(drop)
  const over = drag?.over ?? lift?.over
  const held = drag?.id ?? lift?.id
  const counted = (column: Column) => (filter.who === '' && !filter.unread && filter.search === '' ? counts.data?.byStatus[column] : undefined)
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links on the cards have the focus; what they do not take comes up here
    <div
      ref={box}
      {...handlers}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      role="group"
      aria-label={d.board.title}
      aria-describedby="board-help"
      className="relative flex min-h-0 flex-1 snap-x scroll-px-2.5 gap-2.5 overflow-x-auto p-2.5 select-none"
    >
      <p id="board-help" className="sr-only">{d.board.help}</p>
      <p role="status" className="sr-only">{lift && d.board.lifted(t.status[lift.over] ?? '')}</p>
      {columns.map((column) => (
        <BoardColumn key={column} column={column} filter={filter} counted={counted(column)} chosen={chosen} me={me} showUnit={showUnit} held={held} isOver={over === column} onCards={onCards} />
      ))}
      {drag && <Ghost x={drag.x} y={drag.y} name={drag.name} />}
    </div>
  )
}

/** What is under the pointer while a card is pulled. */
function Ghost({ x, y, name }: { x: number; y: number; name: string }) {
  return (
    <div aria-hidden="true" style={{ transform: `translate(${x + 10}px, ${y + 10}px)` }} className="pointer-events-none fixed top-0 left-0 z-50 rounded-lg border border-brand bg-paper px-3 py-2 font-semibold shadow-lifted">{name}</div>
  )
}
