import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activeStates, type Folder, type ListData, type ListFilter, type ThreadData } from '@/api/desk-keys'
import type { Conversation, Message } from '@/api/types'
import { aConversation, aMessage, at } from '@/test/factories'
import { applyEvent, type Entry } from './apply'
import type { DeskEvent } from './events'

/** A server of a few conversations: it changes, tells what changed, and answers fetches, as the real one does. */
class Server {
  conversations = new Map<string, Conversation>()
  messages: Message[] = []
  events: DeskEvent[] = []
  private clock = 0

  private change(id: string, of: Partial<Conversation>, name: DeskEvent['name']) {
    const before = this.conversations.get(id)
    const conversation = aConversation({ ...before, id, ...of, revision: (before?.revision ?? 0) + 1 })
    this.conversations.set(id, conversation)
    this.events.push({ name, body: { conversationId: id, conversation } })
    return conversation
  }

  do(step: Step) {
    const id = `c${step.conversation}`
    const now = at(this.clock++)
    const known = this.conversations.get(id)
    switch (step.what) {
      case 'write': {
        const conversation = aConversation({ ...known, id, status: 'OPEN', revision: (known?.revision ?? 0) + 1, lastMessageAt: now, unreadCount: (known?.unreadCount ?? 0) + 1 })
        this.conversations.set(id, conversation)
        const message = aMessage({ id: `m${String(this.clock).padStart(4, '0')}`, conversationId: id, timestamp: now, direction: 'OUTBOUND', sender: 'BOT', status: 'PENDING' })
        this.messages.push(message)
        this.events.push({ name: 'message:new', body: { conversationId: id, conversation, message } })
        return
      }
      case 'assign':
        if (known) this.change(id, { assignedToId: known.assignedToId === 'me' ? null : 'me' }, 'conversation:updated')
        return
      case 'read':
        if (known) this.change(id, { unreadCount: 0 }, 'conversation:updated')
        return
      case 'close':
        if (known) this.change(id, { status: known.status === 'CLOSED' ? 'OPEN' : 'CLOSED' }, 'conversation:updated')
        return
      case 'move':
        if (known) this.change(id, { hotelUnit: known.hotelUnit === 'Ilhabela' ? 'Camburi' : 'Ilhabela' }, 'conversation:updated')
        return
      case 'delete':
        if (!known) return
        this.conversations.delete(id)
        this.messages = this.messages.filter((m) => m.conversationId !== id)
        this.events.push({ name: 'conversation:deleted', body: { conversationId: id } })
        return
      case 'deliver': {
        const m = this.messages.filter((one) => one.conversationId === id).at(-1)
        if (!m) return
        const next = { PENDING: 'SENT', SENT: 'DELIVERED', DELIVERED: 'READ' }[m.status]
        if (next === undefined) return
        this.messages = this.messages.map((one) => (one.id === m.id ? { ...one, status: next } : one))
        this.events.push({ name: 'message:status', body: { conversationId: id, messageId: m.id, status: next } })
      }
    }
  }

  list(f: ListFilter, pages: number, size: number): ListData {
    const shown = [...this.conversations.values()]
      .filter((c) => (f.folder === 'closed' ? c.status === 'CLOSED' : activeStates.includes(c.status)))
      .filter((c) => f.folder !== 'mine' || c.assignedToId === 'me')
      .filter((c) => f.folder !== 'unassigned' || c.assignedToId === null)
      .filter((c) => f.folder !== 'unread' || c.unreadCount > 0)
      .filter((c) => f.unit === '' || c.hotelUnit === f.unit)
      .toSorted((a, b) => (a.lastMessageAt === b.lastMessageAt ? (a.id < b.id ? 1 : -1) : a.lastMessageAt < b.lastMessageAt ? 1 : -1))
    const data = Array.from({ length: pages }, (_, i) => shown.slice(i * size, (i + 1) * size)).filter((p, i) => i === 0 || p.length > 0)
    return {
      pageParams: data.map(() => null),
      pages: data.map((page, i) => ({ data: page, nextCursor: shown.length > (i + 1) * size ? page.at(-1)?.id ?? null : null })),
    }
  }

  thread(id: string): ThreadData {
    return { pageParams: [null], pages: [{ data: this.messages.filter((m) => m.conversationId === id), more: false }] }
  }
}

type Step = { what: 'write' | 'assign' | 'read' | 'close' | 'move' | 'delete' | 'deliver'; conversation: number }

const steps = fc.array(fc.record({
  what: fc.constantFrom<Step['what']>('write', 'write', 'write', 'assign', 'read', 'close', 'move', 'delete', 'deliver', 'deliver'),
  conversation: fc.integer({ min: 0, max: 6 }),
}), { maxLength: 60 })

const filters = fc.record({ folder: fc.constantFrom<Folder>('open', 'mine', 'unassigned', 'unread', 'closed'), unit: fc.constantFrom('', 'Ilhabela'), search: fc.constant('') })

/** What a screen shows of an entry. Of a list: its rows, down to where the fetched pages end. */
const shown = (entry: Entry) => (entry.kind === 'list' ? entry.data.pages.flatMap((p) => p.data) : entry.kind === 'thread' ? entry.data.pages.flatMap((p) => p.data) : entry.data)

const after = <E extends Entry>(entry: E, events: DeskEvent[]) => events.reduce((now, e) => applyEvent(now, e, 'me'), entry)

describe('a stale state and the events since then are a fresh fetch', () => {
  it('for a list', () => {
    fc.assert(fc.property(steps, fc.nat(60), filters, (all, cut, filter) => {
      const server = new Server()
      all.slice(0, cut).forEach((s) => server.do(s))
      const stale: Entry = { kind: 'list', filter, data: server.list(filter, 9, 100) }
      const seen = server.events.length
      all.slice(cut).forEach((s) => server.do(s))
      expect(shown(after(stale, server.events.slice(seen)))).toEqual(server.list(filter, 9, 100).pages.flatMap((p) => p.data))
    }), { numRuns: 300 })
  })

  it('for a list of which only the first page was fetched, as far as that went', () => {
    fc.assert(fc.property(steps, fc.nat(60), filters, (all, cut, filter) => {
      const server = new Server()
      all.slice(0, cut).forEach((s) => server.do(s))
      const stale: Entry = { kind: 'list', filter, data: server.list(filter, 1, 3) }
      const seen = server.events.length
      all.slice(cut).forEach((s) => server.do(s))
      const got = after(stale, server.events.slice(seen)).data as ListData
      const rows = got.pages.flatMap((p) => p.data)
      const fresh = server.list(filter, 1, 100).pages[0]?.data ?? []
      expect(rows).toEqual(fresh.filter((c) => rows.some((r) => r.id === c.id)))
      if (got.pages.at(-1)?.nextCursor === null) expect(rows).toEqual(fresh)
    }), { numRuns: 300 })
  })

  it('for a thread, also when events come twice', () => {
    fc.assert(fc.property(steps, fc.nat(60), fc.boolean(), (all, cut, twice) => {
      const server = new Server()
      all.slice(0, cut).forEach((s) => server.do(s))
      const stale: Entry = { kind: 'thread', id: 'c1', data: server.thread('c1') }
      const seen = server.events.length
      const rest = all.slice(cut).filter((s) => s.what !== 'delete')
      rest.forEach((s) => server.do(s))
      const events = server.events.slice(seen)
      expect(shown(after(stale, twice ? [...events, ...events] : events))).toEqual(shown({ kind: 'thread', id: 'c1', data: server.thread('c1') }))
    }), { numRuns: 300 })
  })

  it('for an answer that is younger than some of the events applied to it', () => {
    fc.assert(fc.property(steps, fc.nat(60), filters, (all, from, filter) => {
      const server = new Server()
      all.forEach((s) => server.do(s))
      const withoutDeletes = server.events.filter((e) => e.name !== 'conversation:deleted')
      if (withoutDeletes.length !== server.events.length) return // a deleted one does not come back by events in real life
      const fresh: Entry = { kind: 'list', filter, data: server.list(filter, 9, 100) }
      expect(shown(after(fresh, server.events.slice(from)))).toEqual(shown(fresh))
    }), { numRuns: 300 })
  })
})

describe('applyEvent', () => {
  const thread = (m: Message): Entry => ({ kind: 'thread', id: 'c1', data: { pageParams: [null], pages: [{ data: [m], more: false }] } })
  const status = (s: string): DeskEvent => ({ name: 'message:status', body: { messageId: 'm1', status: s } })

  it.each([
    ['DELIVERED', 'SENT', 'DELIVERED'], ['READ', 'DELIVERED', 'READ'], ['SENT', 'FAILED', 'FAILED'], ['FAILED', 'DELIVERED', 'DELIVERED'],
    ['FAILED', 'PENDING', 'PENDING'], ['DELIVERED', 'FAILED', 'DELIVERED'], ['PENDING', 'SENT', 'SENT'],
  ])('a message that is %s and hears of %s is %s', (was, news, is) => {
    expect(shown(applyEvent(thread(aMessage({ status: was })), status(news), 'me'))).toMatchObject([{ status: is }])
  })

  it('leaves what an event does not concern as it is, the very same object', () => {
    const entry = thread(aMessage())
    expect(applyEvent(entry, { name: 'conversation:updated', body: { conversation: aConversation({ id: 'c9' }) } }, 'me')).toBe(entry)
  })

  it('shows a tag under its new name in every list', () => {
    const tag = { id: 'x', name: 'VIP', color: '#aa0000' }
    const list: Entry = { kind: 'list', filter: { folder: 'open', unit: '', search: '' }, data: { pageParams: [null], pages: [{ data: [aConversation({ tags: [tag] })], nextCursor: null }] } }
    const event: DeskEvent = { name: 'tag:updated', body: { tagId: 'x', tag: { ...tag, name: 'Retorna sempre' } } }
    expect(shown(applyEvent(list, event, 'me'))).toMatchObject([{ tags: [{ name: 'Retorna sempre' }] }])
  })
})
