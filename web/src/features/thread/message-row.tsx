import { Bot, Forward, Smartphone } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import type { Message } from '@/api/types'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { Content } from './bubbles/content'
import { Failed } from './failed'
import { Quoted } from './quoted'
import { RowActions } from './row-actions'
import type { Who } from './rows'
import type { Shared } from './shared'
import { Ticks } from './ticks'

type Props = { message: Message; who: Who; begins: boolean; shared: Shared; isWanted: boolean }

const colours: Record<Who, string> = {
  guest: 'bg-bubble-guest', bot: 'bg-bubble-bot', me: 'bg-bubble-person', colleague: 'bg-bubble-person', phone: 'bg-bubble-person',
}

/** A bubble: guests on the left, the hotel on the right, the bot in a colour of its own. */
export const MessageRow = memo(function MessageRow({ message: m, who, begins, shared, isWanted }: Props) {
  const { t, format } = useI18n()
  const [isActive, setActive] = useState(false)
  const bubble = useWanted(isWanted)
  const own = who !== 'guest'
  const name = shared.nameOf(m, who)
  const reactions = shared.reactionsTo(m)
  const isHere = m.id === m.clientId // only this screen has it yet
  return (
    <li
      onPointerEnter={() => setActive(true)}
      onPointerLeave={() => setActive(false)}
      onFocus={() => setActive(true)}
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setActive(false)}
      className={cx('flex flex-col px-4 sm:px-[6%]', own ? 'items-end' : 'items-start', begins ? 'pt-2' : 'pt-0.5', reactions.length > 0 && 'pb-3')}
    >
      <div className={cx('flex max-w-[min(38rem,92%)] items-center gap-1', own && 'flex-row-reverse')}>
        <article
          ref={bubble}
          id={`message-${m.id}`}
          tabIndex={-1}
          aria-label={`${name}, ${format.time(m.timestamp)}`}
          className={cx('relative min-w-0 rounded-bubble px-2.5 py-1.5 shadow-low', colours[who], begins && (own ? 'rounded-tr-sm' : 'rounded-tl-sm'), isWanted && 'wanted')}
        >
          {begins && own && <p className={cx('mb-0.5 flex items-center gap-1 text-tiny font-semibold', who === 'bot' ? 'text-bot' : 'text-brand-strong')}><WhoIcon who={who} />{name}</p>}
          {m.metadata.context?.forwarded && <p className="flex items-center gap-1 text-tiny text-soft italic"><Forward className="size-3" />{t.thread.forwarded}</p>}
          {m.quoted && <Quoted quote={m.quoted} onJump={shared.onJump} />}
          <Content message={m} onShow={shared.onShow} />
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
        {!isHere && !m.metadata.revokedAt && <RowActions message={m} mine={reactions.find((r) => r.isOurs)?.emoji} isActive={isActive} />}
      </div>
      {m.status === 'FAILED' && own && <Failed message={m} me={shared.me} />}
    </li>
  )
})

/** Brings a message that was asked for into the middle of the screen. */
function useWanted(isWanted: boolean) {
  const bubble = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isWanted) bubble.current?.scrollIntoView({ block: 'center' })
  }, [isWanted])
  return bubble
}

function WhoIcon({ who }: { who: Who }) {
  if (who === 'bot') return <Bot className="size-3" />
  return who === 'phone' ? <Smartphone className="size-3" /> : null
}
