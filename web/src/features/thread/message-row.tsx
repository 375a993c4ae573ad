import { Bot, Forward, Smartphone } from 'lucide-react'
import { memo } from 'react'
import type { Message } from '@/api/types'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { Content } from './bubbles/content'
import { Failed } from './failed'
import type { Row, Who } from './rows'
import { Ticks } from './ticks'

type Props = { row: Extract<Row, { kind: 'message' }>; name: string; onResend: (m: Message) => void; onDiscard: ((m: Message) => void) | undefined; error: string | undefined }

const colours: Record<Who, string> = {
  guest: 'bg-bubble-guest', bot: 'bg-bubble-bot', me: 'bg-bubble-person', colleague: 'bg-bubble-person', phone: 'bg-bubble-person',
}

/** A bubble: guests on the left, the hotel on the right, the bot in a colour of its own. */
export const MessageRow = memo(function MessageRow({ row, name, onResend, onDiscard, error }: Props) {
  const { message: m, who, begins } = row
  const { t, format } = useI18n()
  const own = who !== 'guest'
  const reactions = m.metadata.reactions ?? []
  return (
    <li className={cx('thread-row flex flex-col px-4 sm:px-[6%]', own ? 'items-end' : 'items-start', begins ? 'pt-2' : 'pt-0.5', reactions.length > 0 && 'pb-3')}>
      <article
        aria-label={`${name}, ${format.time(m.timestamp)}`}
        className={cx('relative max-w-[min(36rem,85%)] rounded-bubble px-2.5 py-1.5 shadow-low', colours[who], begins && (own ? 'rounded-tr-sm' : 'rounded-tl-sm'))}
      >
        {begins && own && <p className={cx('mb-0.5 flex items-center gap-1 text-tiny font-semibold', who === 'bot' ? 'text-bot' : 'text-brand-strong')}><WhoIcon who={who} />{name}</p>}
        {m.metadata.context?.forwarded && <p className="flex items-center gap-1 text-tiny text-soft italic"><Forward className="size-3" />{t.thread.forwarded}</p>}
        {m.quoted && <Quoted quote={m.quoted} />}
        <Content message={m} />
        <p className="tabular mt-0.5 -mb-0.5 flex items-center justify-end gap-1 text-tiny text-soft">
          {m.metadata.editedAt && <span>{t.thread.edited}</span>}
          <time dateTime={m.timestamp} title={format.full(m.timestamp)}>{format.time(m.timestamp)}</time>
          {own && <Ticks message={m} />}
        </p>
        {reactions.length > 0 && (
          <p className="absolute right-2 -bottom-3 rounded-full border border-line bg-paper px-1.5 text-small" aria-label={t.thread.reacted(reactions.map((r) => r.emoji).join(' '))}>
            {reactions.map((r) => r.emoji).join('')}
          </p>
        )}
      </article>
      {m.status === 'FAILED' && own && <Failed message={m} error={error} onResend={() => onResend(m)} onDiscard={onDiscard && (() => onDiscard(m))} />}
    </li>
  )
})

function WhoIcon({ who }: { who: Who }) {
  if (who === 'bot') return <Bot className="size-3" />
  return who === 'phone' ? <Smartphone className="size-3" /> : null
}

function Quoted({ quote }: { quote: NonNullable<Message['quoted']> }) {
  const { t } = useI18n()
  const name = quote.sender === 'GUEST' ? t.thread.guest : quote.sender === 'BOT' ? t.thread.bot : t.thread.team
  return (
    <blockquote aria-label={t.thread.answering} className="mb-1 rounded-md border-l-4 border-brand bg-black/5 px-2 py-1 text-small">
      <p className="font-semibold text-brand-strong">{name}</p>
      <p className="line-clamp-2 break-words">{quote.content || t.kind[quote.type]}</p>
    </blockquote>
  )
}
