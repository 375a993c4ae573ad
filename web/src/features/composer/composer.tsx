import { useEffect, useRef, useState } from 'react'
import type { Conversation } from '@/api/types'
import { isWindowOpen } from '@/components/standing'
import { useNow } from '@/lib/use-now'
import { onWish } from '@/lib/wish'
import { ScheduledLine } from './scheduled-line'
import { TypingLine } from './typing-line'
import { WindowClosed } from './window-closed'
import { Writer, type Mode } from './writer'

/** Where an answer, or a note for colleagues, is written. Give it the conversation's id as key: each has a draft of its own. */
export function Composer({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const now = useNow()
  const [mode, setMode] = useState<Mode>('answer')
  const isOpen = isWindowOpen(c, now)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => onWish((w) => {
    if (w !== 'note' && w !== 'reply') return
    setMode(w === 'note' ? 'note' : 'answer')
    requestAnimationFrame(() => box.current?.querySelector('textarea')?.focus())
  }), [])
  return (
    <div ref={box}>
      <ScheduledLine conversation={c.id} />
      <TypingLine conversation={c.id} />
      {!isOpen && mode === 'answer' ? <WindowClosed conversation={c} onNote={() => setMode('note')} /> : <Writer key={mode} conversation={c} me={me} mode={mode} onMode={setMode} />}
    </div>
  )
}
