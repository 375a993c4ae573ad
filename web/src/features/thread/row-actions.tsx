import { Copy, Reply, SmilePlus } from 'lucide-react'
import { useState } from 'react'
import type { Message } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useI18n } from '@/lib/i18n/i18n'
import { replyTo } from '@/outgoing/replying'
import { useReact } from './actions'

const offered = ['👍', '❤️', '😂', '😮', '😢', '🙏']

/** What can be done with a message, beside it while the pointer or the focus is there. The place is always kept. */
export function RowActions({ message: m, mine, isActive }: { message: Message; mine: string | undefined; isActive: boolean }) {
  const { t } = useI18n()
  const [reacting, setReacting] = useState(false)
  if (!isActive) return <span className="w-[4.5rem] shrink-0" />
  const copy = () => void navigator.clipboard?.writeText(m.content).then(() => toast(t.thread.copied))
  const small = 'size-7!'
  return (
    <div role="group" aria-label={t.thread.actions} className="relative flex w-[4.5rem] shrink-0">
      <IconButton className={small} label={t.thread.reply} onClick={() => replyTo(m)}><Reply className="size-4" /></IconButton>
      {m.externalMessageId !== null && <IconButton className={small} label={t.thread.react} aria-expanded={reacting} onClick={() => setReacting(!reacting)}><SmilePlus className="size-4" /></IconButton>}
      {m.content !== '' && !reacting && <IconButton className={small} label={t.thread.copy} onClick={copy}><Copy className="size-4" /></IconButton>}
      {reacting && <Reactions message={m} mine={mine} onDone={() => setReacting(false)} />}
    </div>
  )
}

function Reactions({ message: m, mine, onDone }: { message: Message; mine: string | undefined; onDone: () => void }) {
  const { t } = useI18n()
  const react = useReact(m.conversationId)
  const choose = (emoji: string) => {
    react.mutate({ message: m.id, emoji: emoji === mine ? '' : emoji })
    onDone()
  }
  return (
    <div role="group" aria-label={t.thread.react} className="absolute bottom-full left-1/2 z-20 mb-1 flex -translate-x-1/2 gap-0.5 rounded-full border border-line bg-paper p-1 shadow-lifted">
      {offered.map((emoji) => (
        <button key={emoji} type="button" aria-pressed={emoji === mine} onClick={() => choose(emoji)} className="flex size-8 items-center justify-center rounded-full text-lg hover:bg-hover aria-pressed:bg-brand-soft">{emoji}</button>
      ))}
    </div>
  )
}
