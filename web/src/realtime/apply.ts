// Live events over what was fetched: pure, so that one property holds and is tested (apply.test.ts): a stale state
// and the events since then make what a fresh fetch would return. Applying an event twice changes nothing.
import { activeStates, type CardData, type ListData, type ListFilter, type ThreadData } from '@/api/desk-keys'
import type { Conversation, ConversationPage, Message } from '@/api/types'
import type { DeskEvent } from './events'

export type Entry =
  | { kind: 'list'; filter: ListFilter; data: ListData }
  | { kind: 'card'; id: string; data: CardData }
  | { kind: 'thread'; id: string; data: ThreadData }

/** Applies an event to what one key of the cache holds. The same object comes back when nothing changed. */
export function applyEvent<E extends Entry>(entry: E, event: DeskEvent, me: string): E {
  const data = applied(entry, event, me)
  return data === entry.data ? entry : { ...entry, data }
}

function applied(entry: Entry, event: DeskEvent, me: string): Entry['data'] {
  switch (entry.kind) {
    case 'list':
      return toList(entry.data, entry.filter, event, me)
    case 'card':
      return toCard(entry.data, event)
    case 'thread':
      return toThread(entry.data, entry.id, event)
  }
}

const isGone = (e: DeskEvent) => e.name === 'conversation:deleted' || e.name === 'conversation:removed'

function toCard(card: CardData, e: DeskEvent): CardData {
  const { conversation, contact, tag, tagId } = e.body
  if (conversation?.id === card.id) return conversation.revision < card.revision ? card : conversation
  if (e.name === 'contact:updated' && contact && contact.id === card.contact.id) return { ...card, contact }
  if (tagId === undefined || !card.tags?.some((t) => t.id === tagId)) return card
  if (e.name === 'tag:deleted') return { ...card, tags: card.tags.filter((t) => t.id !== tagId) }
  return tag ? { ...card, tags: card.tags.map((t) => (t.id === tagId ? tag : t)) } : card
}

function toList(list: ListData, filter: ListFilter, e: DeskEvent, me: string): ListData {
  const { conversation, conversationId } = e.body
  if (isGone(e)) return without(list, conversationId ?? '')
  if (e.name === 'tag:deleted' && filter.tag !== '' && e.body.tagId === filter.tag) return emptied(list)
  if (conversation === undefined) return eachCard(list, (card) => toCard(card, e))
  const known = find(list, conversation.id)
  if (known && known.revision > conversation.revision) return list
  if (filter.search !== '' && matches(conversation, filter, me)) return eachCard(list, (card) => toCard(card, e)) // only the server adds what it finds
  if (filter.closing && known?.lastInboundAt !== conversation.lastInboundAt) return without(list, conversation.id)
  return matches(conversation, filter, me) ? placed(list, conversation, filter.sort, known) : without(list, conversation.id)
}

/** Whether a list with this filter shows a conversation; what the server answers in conversations_list.go. Windows
 * that end soon are told apart by the clock, so that only the server adds to a list of those (toList takes away). */
export function matches(c: Conversation, f: ListFilter, me: string): boolean {
  return (f.status === '' ? activeStates.includes(c.status) : c.status === f.status)
    && isWhose(c, f.who, me)
    && (!f.unread || c.unreadCount > 0)
    && (f.unit === '' || c.hotelUnit === f.unit)
    && (f.priority === '' || c.priority === f.priority)
    && (f.tag === '' || (c.tags ?? []).some((t) => t.id === f.tag))
    && (!f.opportunity || c.isOpportunity)
}

function isWhose(c: Conversation, who: string, me: string): boolean {
  if (who === '') return true
  if (who === 'none') return c.assignedToId === null
  return c.assignedToId === (who === 'me' ? me : who)
}

/** Lists may have many thousand rows, of which an event touches one: nothing is copied to look for it. */
function find(list: ListData, id: string): Conversation | undefined {
  for (const page of list.pages) {
    const found = page.data.find((c) => c.id === id)
    if (found) return found
  }
  return undefined
}

function eachCard(list: ListData, change: (c: Conversation) => Conversation): ListData {
  let touched = false
  const pages = list.pages.map((page) => {
    const data = page.data.map(change)
    if (data.every((c, i) => c === page.data[i])) return page
    touched = true
    return { ...page, data }
  })
  return touched ? { ...list, pages } : list
}

function without(list: ListData, id: string): ListData {
  const has = (p: ConversationPage) => p.data.some((c) => c.id === id)
  return list.pages.some(has) ? { ...list, pages: list.pages.map((p) => (has(p) ? { ...p, data: p.data.filter((c) => c.id !== id) } : p)) } : list
}

const emptied = (list: ListData): ListData => ({ ...list, pages: list.pages.slice(0, 1).map(() => ({ data: [], nextCursor: null })), pageParams: list.pageParams.slice(0, 1) })

/** Newest first, and among those of one moment the higher id, or the other way round: the server's order. */
function isBefore(a: Conversation, b: Conversation, sort: ListFilter['sort']): boolean {
  const [first, second] = sort === 'recent' ? [a, b] : [b, a]
  return first.lastMessageAt === second.lastMessageAt ? first.id > second.id : first.lastMessageAt > second.lastMessageAt
}

/** Puts a conversation where it belongs. What lies behind the pages that were fetched comes with the next page. */
function placed(list: ListData, c: Conversation, sort: ListFilter['sort'], known: Conversation | undefined): ListData {
  const rest = without(list, c.id)
  const at = rest.pages.findIndex((page) => page.data.some((other) => isBefore(c, other, sort)))
  const last = rest.pages.length - 1
  const hasMovedOn = known ? isBefore(known, c, sort) : rest.pages.some((page) => page.data.length > 0)
  if (at < 0 && rest.pages[last]?.nextCursor && hasMovedOn) return rest
  const into = at < 0 ? last : at
  return {
    ...rest,
    pages: rest.pages.map((page, i) => {
      if (i !== into) return page
      const before = page.data.findIndex((other) => isBefore(c, other, sort))
      return { ...page, data: page.data.toSpliced(before < 0 ? page.data.length : before, 0, c) }
    }),
  }
}

function toThread(thread: ThreadData, id: string, e: DeskEvent): ThreadData {
  const { message, messageId, status } = e.body
  if ((e.name === 'message:new' || e.name === 'message:updated') && message?.conversationId === id) {
    return withMessage(thread, quoting(thread, message), e.name === 'message:new')
  }
  if (e.name !== 'message:status' || messageId === undefined || status === undefined) return thread
  return eachMessage(thread, messageId, (m) => advanced(m, status, e))
}

function eachMessage(thread: ThreadData, id: string, change: (m: Message) => Message): ThreadData {
  const page = thread.pages.findIndex((p) => p.data.some((m) => m.id === id))
  if (page < 0) return thread
  let touched = false
  const pages = thread.pages.map((p, i) => {
    if (i !== page) return p
    const data = p.data.map((m) => (m.id === id ? change(m) : m))
    touched = data.some((m, j) => m !== p.data[j])
    return touched ? { ...p, data } : p
  })
  return touched ? { ...thread, pages } : thread
}

// Statuses arrive in any order; they only move forward, but for what somebody sends again.
const rank: Record<string, number> = { PENDING: 0, SENT: 2, FAILED: 3, DELIVERED: 4, READ: 5 }

function advanced(m: Message, status: string, e: DeskEvent): Message {
  const again = m.status === 'FAILED' && status === 'PENDING'
  if (!again && (rank[status] ?? 0) < (rank[m.status] ?? 0)) return m
  const { failure: _, ...rest } = m
  const failure = status === 'FAILED' ? (e.body.errorInfo ?? m.failure) : undefined
  return { ...rest, status, externalMessageId: e.body.externalMessageId ?? m.externalMessageId, ...(failure && { failure }) }
}

/** Pages go back in time, page 0 is the newest; within a page the oldest comes first. */
function withMessage(thread: ThreadData, m: Message, isNew: boolean): ThreadData {
  const known = thread.pages.some((p) => p.data.some((other) => other.id === m.id))
  if (known) return eachMessage(thread, m.id, (old) => merged(old, m))
  if (!isNew || thread.pages.length === 0) return thread
  const newest = thread.pages[0]?.data.at(-1)
  if (thread.pages[0]?.newer && newest && isOlder(newest, m)) return thread // behind what was fetched
  const at = thread.pages.findIndex((p) => p.data.some((other) => isOlder(other, m)))
  const last = thread.pages.length - 1
  if (at < 0 && thread.pages[last]?.more) return thread // older than what was fetched
  const into = at < 0 ? last : at
  return {
    ...thread,
    pages: thread.pages.map((p, i) => (i === into ? { ...p, data: inserted(p.data, m) } : p)),
  }
}

const quotedLength = 300 // of what a quote shows, as the server cuts it

/** Events do not say what a message quotes; a fetch does. Mostly it is in the thread already. */
function quoting(thread: ThreadData, m: Message): Message {
  const wanted = m.metadata.context?.id
  if (m.quoted || wanted === undefined) return m
  const of = thread.pages.flatMap((p) => p.data).find((other) => other.externalMessageId === wanted)
  if (!of) return m
  const content = [...of.content]
  return { ...m, quoted: { id: of.id, direction: of.direction, sender: of.sender, type: of.type, content: content.length > quotedLength ? `${content.slice(0, quotedLength).join('')}…` : of.content } }
}

function merged(old: Message, m: Message): Message {
  const status = (rank[m.status] ?? 0) < (rank[old.status] ?? 0) ? old.status : m.status
  return { ...m, status, ...(m.quoted || old.quoted ? { quoted: m.quoted ?? old.quoted } : {}) } as Message
}

const isOlder = (a: Message, b: Message) => (a.timestamp === b.timestamp ? a.id < b.id : a.timestamp < b.timestamp)

function inserted(data: Message[], m: Message): Message[] {
  const at = data.findIndex((other) => isOlder(m, other))
  return data.toSpliced(at < 0 ? data.length : at, 0, m)
}
