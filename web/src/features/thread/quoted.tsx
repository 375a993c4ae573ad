import type { Quote } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

/** What a message answers; a click goes there. */
export function Quoted({ quote, onJump }: { quote: Quote; onJump: (id: string) => void }) {
  const { t } = useI18n()
  const name = quote.sender === 'GUEST' ? t.thread.guest : quote.sender === 'BOT' ? t.thread.bot : t.thread.team
  return (
    <button type="button" aria-label={`${t.thread.answering} ${name}: ${quote.content || t.kind[quote.type]}`} onClick={() => onJump(quote.id)} className="mb-1 block w-full rounded-md border-l-4 border-brand bg-black/5 px-2 py-1 text-left text-small">
      <span className="block font-semibold text-brand-strong">{name}</span>
      <span className="line-clamp-2 break-words">{quote.content || t.kind[quote.type]}</span>
    </button>
  )
}
