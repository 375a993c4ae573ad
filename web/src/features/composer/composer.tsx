import { useQueryClient } from '@tanstack/react-query'
import { SendHorizontal } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Conversation } from '@/api/types'
import { holderOf, isWindowOpen } from '@/components/standing'
import { useI18n } from '@/lib/i18n/i18n'
import { useNow } from '@/lib/use-now'
import { send } from '@/outgoing/outgoing'
import { happened } from '@/realtime/cache'
import { draftOf, keepDraft } from './drafts'
import { WindowClosed } from './window-closed'

const longest = 4096 // of a text on WhatsApp

/** Where an answer is written. Give it the conversation's id as key: each has a draft of its own. */
export function Composer({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const { t, format } = useI18n()
  const client = useQueryClient()
  const now = useNow()
  const [text, setText] = useState(() => draftOf(c.id))
  const box = useGrowing(text)
  if (!isWindowOpen(c, now)) return <WindowClosed conversation={c} />
  const write = (next: string) => {
    setText(next)
    keepDraft(c.id, next)
  }
  const tooLong = text.length > longest
  const go = () => {
    const content = text.trim()
    if (content === '' || tooLong) return
    write('')
    send(c.id, content, (message) => happened(client, { name: 'message:new', body: { message } }, me))
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return
    e.preventDefault()
    go()
  }
  return (
    <form className="border-t border-line bg-paper px-3 py-2.5" onSubmit={(e) => { e.preventDefault(); go() }}>
      {c.status === 'CLOSED' && <p className="pb-2 text-center text-small text-soft">{t.thread.closedNote}</p>}
      <div className="flex items-end gap-2">
        <textarea
          ref={box}
          rows={1}
          value={text}
          aria-label={t.composer.label}
          aria-invalid={tooLong || undefined}
          title={t.composer.hint}
          placeholder={holderOf(c, me) === 'you' ? t.composer.placeholder : t.composer.placeholderBot}
          onChange={(e) => write(e.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-40 min-h-11 flex-1 resize-none rounded-[22px] bg-ground px-4 py-2.5 leading-6 outline-offset-0"
        />
        <button type="submit" aria-label={t.composer.send} title={t.composer.send} disabled={text.trim() === '' || tooLong} className="flex size-11 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand transition-colors hover:bg-brand-strong disabled:bg-ground disabled:text-faint">
          <SendHorizontal className="size-5" />
        </button>
      </div>
      {text.length > longest - 200 && (
        <p role={tooLong ? 'alert' : undefined} className={tooLong ? 'tabular pt-1 text-small text-danger' : 'tabular pt-1 text-small text-soft'}>
          {tooLong ? t.composer.tooLong(format.number(longest)) : `${format.number(text.length)} / ${format.number(longest)}`}
        </p>
      )}
    </form>
  )
}

/** Lets a text area be as high as its text. */
function useGrowing(text: string) {
  const box = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    box.current.style.height = `${box.current.scrollHeight}px`
  }, [text])
  return box
}
