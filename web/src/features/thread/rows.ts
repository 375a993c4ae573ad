// Messages to rows: pure, with a table of cases in rows.test.ts. Rendering is another step (message-row.tsx). Rows are
// made page by page, each page knowing only the message before it: pages that did not change keep their rows.
import type { Message } from '@/api/types'

export type Who = 'guest' | 'bot' | 'me' | 'colleague' | 'phone'

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; who: Who; begins: boolean }

export type MessageRowOf = Extract<Row, { kind: 'message' }>

/** How long a pause may be before a bubble stands by itself again. */
const together = 5 * 60_000

type Around = { before?: Message | undefined; unreadFrom?: string | undefined; dayOf?: (iso: string) => string }

export function rowsOf(messages: Message[], me: string, { before, unreadFrom, dayOf = localDay }: Around = {}): Row[] {
  const rows: Row[] = []
  let last = before
  let day = before ? dayOf(before.timestamp) : ''
  for (const message of messages) {
    if (isHidden(message)) continue
    const today = dayOf(message.timestamp)
    if (today !== day) {
      rows.push({ kind: 'day', key: `day-${today}`, at: message.timestamp })
      last = undefined
    }
    if (message.id === unreadFrom) {
      rows.push({ kind: 'unread', key: 'unread' })
      last = undefined
    }
    day = today
    const key = message.clientId || message.id
    if (message.type === 'NOTICE') rows.push({ kind: 'notice', key, message })
    else rows.push({ kind: 'message', key, message, who: whoSaid(message, me), begins: last === undefined || !belongs(last, message, me) })
    last = message
  }
  return rows
}

/** Reactions stand on what they react to. */
export const isHidden = (m: Message) => m.type === 'REACTION'

export function whoSaid(m: Message, me: string): Who {
  if (m.direction === 'INBOUND') return 'guest'
  if (m.sender === 'BOT') return 'bot'
  if (m.metadata.fromPhone) return 'phone'
  return m.sentById === me ? 'me' : 'colleague'
}

function belongs(a: Message, b: Message, me: string): boolean {
  if (a.type === 'NOTICE' || whoSaid(a, me) !== whoSaid(b, me)) return false
  return a.sentById === b.sentById && Date.parse(b.timestamp) - Date.parse(a.timestamp) < together
}

function localDay(iso: string): string {
  const d = new Date(iso)
  return `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`
}

/** The first message that a guest wrote and nobody had read. */
export function firstUnread(messages: Message[], unread: number): string | undefined {
  let left = unread
  for (const m of messages.toReversed()) {
    if (m.direction !== 'INBOUND' || isHidden(m)) continue
    left--
    if (left === 0) return m.id
  }
  return undefined
}
