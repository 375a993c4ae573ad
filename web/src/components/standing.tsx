// How a conversation stands, in words and colours that are the same wherever it is shown.
import { Bot, Clock, Hand, Hourglass, UserRound } from 'lucide-react'
import type { Conversation } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { useNow } from '@/lib/use-now'
import { Badge, type Tone } from './ui/badge'

export type Holder = 'bot' | 'nobody' | 'you' | 'person' | 'none'

/** Who is to answer the guest. */
export function holderOf(c: Conversation, me: string): Holder {
  if (c.status === 'CLOSED' || c.status === 'ARCHIVED') return 'none'
  switch (c.ball.state) {
    case 'BOT':
      return 'bot'
    case 'WAITING':
      return 'nobody'
    case 'HUMAN':
      return c.assignedToId === me || (c.assignedToId === null && c.iaLockedBy === me) ? 'you' : 'person'
  }
}

/** Who answers. Where there is little room, only a person is named; the colour and the icon say the rest. */
export function BallBadge({ conversation: c, me, dense }: { conversation: Conversation; me: string; dense?: boolean | undefined }) {
  const { t } = useI18n()
  const word = dense ? 'sr-only' : 'truncate'
  const firstName = c.assignedTo?.name.split(' ')[0] ?? t.ball.person
  switch (holderOf(c, me)) {
    case 'bot':
      return <Badge tone="bot" title={t.ball.botLong}><Bot className="size-3" /><span className={word}>{t.ball.bot}</span></Badge>
    case 'nobody':
      return <Badge tone="warn" title={t.ball.nobodyLong}><Hand className="size-3" /><span className={word}>{t.ball.nobody}</span></Badge>
    case 'you':
      return <Badge tone="brand" title={t.ball.youLong}><UserRound className="size-3" />{t.ball.you}</Badge>
    case 'person':
      return <Badge title={t.ball.personLong(c.assignedTo?.name ?? firstName)}><UserRound className="size-3" /><span className="truncate">{firstName}</span></Badge>
    case 'none':
      return <Badge>{t.status[c.status]}</Badge>
  }
}

const hour = 3_600_000

export const isWindowOpen = (c: Conversation, now: number) => c.windowClosesAt !== null && Date.parse(c.windowClosesAt) > now

/** How long the hotel may still answer freely. */
export function WindowBadge({ conversation: c, long }: { conversation: Conversation; long?: boolean }) {
  const { t, format } = useI18n()
  const now = useNow()
  if (!isWindowOpen(c, now)) return <Badge title={t.window.label}><Hourglass className="size-3" />{t.window.closed}</Badge>
  const left = Date.parse(c.windowClosesAt ?? '') - now
  const tone: Tone = left < hour ? 'danger' : left < 4 * hour ? 'warn' : 'plain'
  const text = format.countdown(left)
  return (
    <Badge tone={tone} title={`${t.window.label}: ${t.window.left(text)}`} className="tabular">
      <Hourglass className="size-3" />{long ? t.window.left(text) : text}
    </Badge>
  )
}

/** Since when the guest waits: for a person who was called, else for an answer of anybody; null while they do not. */
function waitsSince(c: Conversation): string | null {
  if (c.status === 'CLOSED' || c.status === 'ARCHIVED') return null
  if (c.ball.state === 'WAITING') return c.ball.since
  return c.lastMessage?.direction === 'INBOUND' ? c.lastMessage.timestamp : null
}


export function WaitingBadge({ conversation: c, dense }: { conversation: Conversation; dense?: boolean | undefined }) {
  const { t, format } = useI18n()
  const now = useNow()
  const since = waitsSince(c)
  if (since === null) return null
  const waited = now - Date.parse(since)
  if (waited < 60_000) return null
  const time = format.span(waited)
  return (
    <Badge tone={waited > 15 * 60_000 ? 'danger' : 'warn'} title={t.list.waitingLabel(time)} className="tabular">
      <Clock className="size-3" />{dense ? time : t.list.waiting(time)}
    </Badge>
  )
}

export function PriorityBadge({ priority }: { priority: string }) {
  const { t } = useI18n()
  if (priority !== 'HIGH' && priority !== 'URGENT') return null
  const word = t.priority[priority] ?? ''
  return <Badge tone={priority === 'URGENT' ? 'danger' : 'warn'} title={t.priorityLabel(word)}>{word}</Badge>
}
