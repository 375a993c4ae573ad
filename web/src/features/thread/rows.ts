// Messages to rows: pure, with a table of cases in rows.test.ts. Rendering is another step (message-row.tsx).
import type { Message } from '@/api/types'

export type Who = 'guest' | 'bot' | 'me' | 'colleague' | 'phone'

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'notice'; key: string; message: Message }
  | { kind: 'message'; key: string; message: Message; who: Who; begins: boolean; ends: boolean }

/** How long a pause may be before a bubble stands by itself again. */
const together = 5 * 60_000

export function rowsOf(messages: Message[], me: string, dayOf: (iso: string) => string = localDay): Row[] {
  const rows: Row[] = []
  let before: { message: Message; who: Who; row: Extract<Row, { kind: 'message' }> } | undefined
  let day = ''
  for (const message of messages) {
    if (message.type === 'REACTION') continue // shown on what it reacts to
    const today = dayOf(message.timestamp)
    if (today !== day) {
      rows.push({ kind: 'day', key: `day-${today}`, at: message.timestamp })
      day = today
      before = undefined
    }
    if (message.type === 'NOTICE') {
      rows.push({ kind: 'notice', key: message.clientId ?? message.id, message })
      before = undefined
      continue
    }
    const who = whoSaid(message, me)
    const begins = before === undefined || !belongs(before.message, before.who, message, who)
    if (!begins && before) before.row.ends = false
    const row: Extract<Row, { kind: 'message' }> = { kind: 'message', key: message.clientId ?? message.id, message, who, begins, ends: true }
    rows.push(row)
    before = { message, who, row }
  }
  return rows
}

export function whoSaid(m: Message, me: string): Who {
  if (m.direction === 'INBOUND') return 'guest'
  if (m.sender === 'BOT') return 'bot'
  if (m.metadata.fromPhone) return 'phone'
  return m.sentById === me ? 'me' : 'colleague'
}

function belongs(a: Message, whoA: Who, b: Message, whoB: Who): boolean {
  return whoA === whoB && a.sentById === b.sentById && Date.parse(b.timestamp) - Date.parse(a.timestamp) < together
}

function localDay(iso: string): string {
  const d = new Date(iso)
  return `${d.getFullYear()}-${d.getMonth() + 1}-${d.getDate()}`
}
