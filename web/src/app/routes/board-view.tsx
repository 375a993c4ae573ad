import type { ReactNode } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import { Board } from '@/features/conversations/board/board'
import { cx } from '@/lib/cx'

type Props = { filter: ListFilter; conversation: string | undefined; me: string; showUnit: boolean; room: boolean; header: ReactNode; opened: ReactNode }

/** The board, and the conversation that was opened on it: beside it where there is room, else in its place. */
export function BoardView({ filter, conversation, me, showUnit, room, header, opened }: Props) {
  return (
    <main className="flex h-full min-w-0">
      <div className={cx('min-w-0 flex-1 flex-col bg-paper', conversation && !room ? 'hidden' : 'flex')}>
        {header}
        <Board filter={filter} chosen={conversation} me={me} showUnit={showUnit} />
      </div>
      {conversation && <div className={cx('flex min-w-0 border-l border-line', room ? 'w-[30rem] shrink-0' : 'flex-1')}>{opened}</div>}
    </main>
  )
}
