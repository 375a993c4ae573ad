import { X } from 'lucide-react'
import type { Conversation } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'
import { forgetReply, useReplying } from '@/outgoing/replying'

/** The message that the next answer quotes. */
export function ReplyBar({ conversation: c }: { conversation: Conversation }) {
  const { t } = useI18n()
  const quote = useReplying(c.id)
  if (!quote) return null
  const name = quote.sender === 'GUEST' ? c.contact.name : quote.sender === 'BOT' ? t.thread.bot : t.thread.team
  return (
    <div className="mb-2 flex items-center gap-2 rounded-lg border-l-4 border-brand bg-ground py-1 pr-1 pl-3">
      <div className="min-w-0 flex-1 text-small">
        <p className="font-semibold text-brand-strong">{t.composer.replyingTo(name)}</p>
        <p className="truncate text-soft">{quote.content || t.kind[quote.type]}</p>
      </div>
      <IconButton label={t.composer.stopReplying} onClick={() => forgetReply(c.id)}><X className="size-4" /></IconButton>
    </div>
  )
}
