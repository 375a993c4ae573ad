import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useDeferredValue, useId, useState, type KeyboardEvent } from 'react'
import { deskKeys, noFilter } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'
import { Dialog } from '@/components/ui/dialog'
import { cardsOf } from '@/features/conversations/cards'
import { nameOf } from '@/features/conversations/conversation-card'
import { listQuery } from '@/features/conversations/queries'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { ranked } from './rank'
import { recent } from './recent'
import { Key } from './shortcut-sheet'

export type Command = { id: string; group: 'here' | 'go'; label: string; keys?: string | undefined; run: () => void }

type Props = { commands: Command[]; onOpen: (conversation: string) => void; onClose: () => void }
type Row = { id: string; group: string; label: string; keys?: string | undefined; run: () => void }

/** Everything by keyboard: what can be done here, where one can go, and whose conversation to open. */
export function Palette({ commands, onOpen, onClose }: Props) {
  const d = useTexts(deskTexts)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useId()
  const conversations = useConversations(text.trim())
  const rows: Row[] = [
    ...ranked(commands, text).map((c) => ({ ...c, group: c.group === 'here' ? d.palette.here : d.palette.go })),
    ...conversations.map((c) => ({ id: c.id, group: text.trim() === '' ? d.palette.recent : d.search.conversations, label: nameOf(c), run: () => onOpen(c.id) })),
  ]
  const chosen = Math.min(at, rows.length - 1)
  const run = (row: Row | undefined) => {
    if (!row) return
    onClose()
    row.run()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (step !== undefined) {
      e.preventDefault()
      setAt((chosen + step + rows.length) % Math.max(1, rows.length))
    }
    if (e.key === 'Enter' && !e.nativeEvent.isComposing) {
      e.preventDefault()
      run(rows[chosen])
    }
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={d.palette.title}>
      <div className="relative">
        <Search aria-hidden="true" className="absolute top-3 left-3 size-4 text-faint" />
        <input
          autoFocus role="combobox" aria-expanded="true" aria-controls={list} aria-activedescendant={rows[chosen] && `${list}-${chosen}`} aria-label={d.palette.what} placeholder={d.palette.what}
          value={text} onChange={(e) => { setText(e.target.value); setAt(0) }} onKeyDown={onKeyDown}
          className="h-10 w-full rounded-control bg-ground pr-3 pl-9"
        />
      </div>
      <ul id={list} role="listbox" aria-label={d.palette.title} className="mt-3 h-80 overflow-y-auto">
        {rows.length === 0 && <li role="presentation" className="p-4 text-center text-soft">{d.palette.nothing}</li>}
        {rows.map((row, i) => (
          <Shown key={row.id} row={row} id={`${list}-${i}`} isFirst={row.group !== rows[i - 1]?.group} isChosen={i === chosen} onRun={() => run(row)} onPoint={() => setAt(i)} />
        ))}
      </ul>
    </Dialog>
  )
}

function Shown({ row, id, isFirst, isChosen, onRun, onPoint }: { row: Row; id: string; isFirst: boolean; isChosen: boolean; onRun: () => void; onPoint: () => void }) {
  return (
    <>
      {isFirst && <li role="presentation" className="px-2 pt-2 pb-1 text-tiny font-medium text-faint">{row.group}</li>}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above has the focus and the keys */}
      <li
        id={id} role="option" aria-selected={isChosen}
        ref={(el) => { if (isChosen) el?.scrollIntoView({ block: 'nearest' }) }}
        onClick={onRun} onPointerMove={onPoint}
        className={cx('flex h-9 cursor-pointer items-center gap-2 rounded-md px-2', isChosen && 'bg-brand-soft text-brand-strong')}
      >
        <span className="min-w-0 flex-1 truncate">{row.label}</span>
        {row.keys && <Key>{row.keys.toUpperCase()}</Key>}
      </li>
    </>
  )
}

/** What a text finds, or the conversations of before. Until the server has answered, only those stay whose name fits:
 * Enter never opens what somebody else typed for. */
function useConversations(text: string): Conversation[] {
  const client = useQueryClient()
  const asked = useDeferredValue(text)
  const found = useInfiniteQuery({ ...listQuery({ ...noFilter, search: asked }), enabled: asked.length > 1, placeholderData: keepPreviousData })
  const before = recent().map((id) => client.getQueryData<Conversation>(deskKeys.card(id))).filter((c) => c !== undefined)
  if (text === '') return before
  const cards = asked.length > 1 ? cardsOf(found.data).slice(0, 8) : before
  if (asked === text && asked.length > 1 && !found.isPlaceholderData) return cards
  return ranked(cards.map((c) => ({ label: nameOf(c), c })), text).map((one) => one.c)
}
