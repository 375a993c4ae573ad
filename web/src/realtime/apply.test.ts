import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activeStates, noFilter, type ListData, type ListFilter, type ThreadData } from '@/api/desk-keys'
import type { Conversation, Message } from '@/api/types'
import { aConversation, aMessage, at } from '@/test/factories'
import { applyEvent, type Entry } from './apply'
import type { DeskEvent } from './events'
import { Newest } from './replay'

const vip = { id: 'vip', name: 'VIP', color: '#aa0000' }

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
      case 'tag':
        if (known) this.change(id, { tags: known.tags?.length ? [] : [vip] }, 'conversation:updated')
        return
      case 'raise':
        if (known) this.change(id, { priority: known.priority === 'HIGH' ? 'LOW' : 'HIGH', isOpportunity: !known.isOpportunity }, 'conversation:updated')
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
      .filter((c) => (f.status === '' ? activeStates.includes(c.status) : c.status === f.status))
      .filter((c) => f.who === '' || (f.who === 'none' ? c.assignedToId === null : c.assignedToId === 'me'))
      .filter((c) => !f.unread || c.unreadCount > 0)
      .filter((c) => f.unit === '' || c.hotelUnit === f.unit)
      .filter((c) => f.priority === '' || c.priority === f.priority)
      .filter((c) => f.tag === '' || c.tags?.some((t) => t.id === f.tag))
      .filter((c) => !f.opportunity || c.isOpportunity)
      .toSorted((a, b) => (a.lastMessageAt === b.lastMessageAt ? (a.id < b.id ? 1 : -1) : a.lastMessageAt < b.lastMessageAt ? 1 : -1))
    if (f.sort === 'oldest') shown.reverse()
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

type Step = { what: 'write' | 'assign' | 'tag' | 'raise' | 'read' | 'close' | 'move' | 'delete' | 'deliver'; conversation: number }

const steps = fc.array(fc.record({
  what: fc.constantFrom<Step['what']>('write', 'write', 'write', 'assign', 'tag', 'raise', 'read', 'close', 'move', 'delete', 'deliver', 'deliver'),
  conversation: fc.integer({ min: 0, max: 6 }),
}), { minLength: 5, maxLength: 40, size: 'max' })

const rarely = <T>(value: T, usual: T) => fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(value) })

const filters: fc.Arbitrary<ListFilter> = fc.record({
  who: fc.constantFrom('', '', 'me', 'none'), status: fc.constantFrom('', '', '', 'OPEN', 'CLOSED'), unread: rarely(true, false), unit: rarely('Ilhabela', ''),
  tag: rarely(vip.id, ''), priority: rarely('HIGH', ''), opportunity: rarely(true, false), closing: fc.constant(false),
  sort: fc.constantFrom('recent' as const, 'recent' as const, 'oldest' as const), search: fc.constant(''),
})

/** What a screen shows of an entry. Of a list: its rows, down to where the fetched pages end. */
const shown = (entry: Entry) => (entry.kind === 'list' ? entry.data.pages.flatMap((p) => p.data) : entry.kind === 'thread' ? entry.data.pages.flatMap((p) => p.data) : entry.data)

const shownIds = (entry: Entry) => (entry.kind === 'list' ? entry.data.pages.flatMap((p) => p.data.map((c) => c.id)) : [])

const after = <E extends Entry>(entry: E, events: DeskEvent[]) => events.reduce((now, e) => applyEvent(now, e, 'me'), entry)

describe('a stale state and the events since then are a fresh fetch', () => {
  it('for a list, on however many pages', () => {
    fc.assert(fc.property(steps, steps, filters, fc.constantFrom(1, 2, 3, 100), (before, then, filter, size) => {
      const server = new Server()
      before.forEach((s) => server.do(s))
      const stale: Entry = { kind: 'list', filter, data: server.list(filter, 20, size) }
      const seen = server.events.length
      then.forEach((s) => server.do(s))
      expect(shown(after(stale, server.events.slice(seen)))).toEqual(server.list(filter, 20, size).pages.flatMap((p) => p.data))
    }), { numRuns: 400 })
  })

  it('for a list, when two changes of a conversation are told the wrong way round', () => {
    fc.assert(fc.property(steps, steps, filters, fc.nat(60), (before, then, filter, swap) => {
      const server = new Server()
      before.forEach((s) => server.do(s))
      const stale: Entry = { kind: 'list', filter, data: server.list(filter, 20, 3) }
      const seen = server.events.length
      then.filter((s) => s.what !== 'delete').forEach((s) => server.do(s))
      const events = server.events.slice(seen)
      const [a, b] = [events[swap], events[swap + 1]]
      if (a && b) events.splice(swap, 2, b, a)
      const newest = new Newest()
      expect(shown(after(stale, events.map((e) => newest.of(e))))).toEqual(server.list(filter, 20, 3).pages.flatMap((p) => p.data))
    }), { numRuns: 400 })
  })

  it('for a list of which only the first page was fetched, as far as that went', () => {
    fc.assert(fc.property(steps, steps, filters, (before, then, filter) => {
      const server = new Server()
      before.forEach((s) => server.do(s))
      const stale: Entry = { kind: 'list', filter, data: server.list(filter, 1, 3) }
      const seen = server.events.length
      then.forEach((s) => server.do(s))
      let emptied = false // then nobody can say where the fetched part ends
      const got = server.events.slice(seen).reduce((now, e) => {
        const next = applyEvent(now, e, 'me')
        emptied ||= shownIds(next).length === 0
        return next
      }, stale).data as ListData
      const rows = got.pages.flatMap((p) => p.data)
      const fresh = server.list(filter, 1, 100).pages[0]?.data ?? []
      if (!emptied) expect(rows).toEqual(fresh.slice(0, rows.length))
      if (got.pages.at(-1)?.nextCursor === null) expect(rows).toEqual(fresh)
    }), { numRuns: 300 })
  })

  it('for a thread, also when events come twice', () => {
    fc.assert(fc.property(steps, steps, fc.boolean(), (before, then, twice) => {
      const server = new Server()
      before.forEach((s) => server.do(s))
      const stale: Entry = { kind: 'thread', id: 'c1', data: server.thread('c1') }
      const seen = server.events.length
      const rest = then.filter((s) => s.what !== 'delete')
      rest.forEach((s) => server.do(s))
      const events = server.events.slice(seen)
      expect(shown(after(stale, twice ? [...events, ...events] : events))).toEqual(shown({ kind: 'thread', id: 'c1', data: server.thread('c1') }))
    }), { numRuns: 300 })
  })

  it('for an answer that is younger than some of the events applied to it', () => {
    fc.assert(fc.property(steps, steps, filters, (before, then, filter) => {
      const server = new Server()
      before.forEach((s) => server.do(s))
      const from = server.events.length
      then.filter((s) => s.what !== 'delete').forEach((s) => server.do(s)) // what is deleted is told of last
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

  it('shows what a message quotes, which events do not say', () => {
    const entry = thread(aMessage({ externalMessageId: 'wamid.1', content: 'x'.repeat(301) }))
    const event: DeskEvent = { name: 'message:new', body: { message: aMessage({ id: 'm2', timestamp: at(1), metadata: { context: { id: 'wamid.1' } } }) } }
    expect(shown(applyEvent(entry, event, 'me'))).toMatchObject([{ id: 'm1' }, { id: 'm2', quoted: { id: 'm1', content: `${'x'.repeat(300)}…` } }])
  })

  it('adds nothing to messages that end before the newest, and something between them', () => {
    const entry: Entry = { kind: 'thread', id: 'c1', data: { pageParams: [null], pages: [{ data: [aMessage(), aMessage({ id: 'm3', timestamp: at(3) })], more: true, newer: true }] } }
    const event = (id: string, minute: number): DeskEvent => ({ name: 'message:new', body: { message: aMessage({ id, timestamp: at(minute) }) } })
    expect(applyEvent(entry, event('m4', 4), 'me')).toBe(entry)
    expect(shown(applyEvent(entry, event('m2', 2), 'me'))).toMatchObject([{ id: 'm1' }, { id: 'm2' }, { id: 'm3' }])
  })

  it('leaves what an event does not concern as it is, the very same object', () => {
    const entry = thread(aMessage())
    expect(applyEvent(entry, { name: 'conversation:updated', body: { conversation: aConversation({ id: 'c9' }) } }, 'me')).toBe(entry)
  })

  const closing = { ...noFilter, closing: true }
  const listOf = (c: Conversation, filter: ListFilter): Entry => ({ kind: 'list', filter, data: { pageParams: [null], pages: [{ data: [c], nextCursor: null }] } })
  const changed = (of: Partial<Conversation>): DeskEvent => ({ name: 'conversation:updated', body: { conversation: aConversation({ revision: 2, lastInboundAt: at(0), ...of }) } })

  it.each([
    ['a guest who writes leaves the list of windows that end soon', { lastInboundAt: at(9) }, 0],
    ['whoever is given such a conversation finds it there still', { assignedToId: 'me' }, 1],
    ['a closed one leaves it', { status: 'CLOSED' }, 0],
    ['one that is not known there comes only from the server', { id: 'c2' }, 1],
  ])('%s', (_, of, rows) => {
    expect(shown(applyEvent(listOf(aConversation({ lastInboundAt: at(0) }), closing), changed(of), 'me'))).toHaveLength(rows)
  })

  it('keeps the last row that was fetched when it changes where it stands', () => {
    const rows = [aConversation({ id: 'c2', lastMessageAt: at(9) }), aConversation({ id: 'c1', unreadCount: 3 })]
    const entry: Entry = { kind: 'list', filter: noFilter, data: { pageParams: [null], pages: [{ data: rows, nextCursor: 'c1' }] } }
    expect(shown(applyEvent(entry, changed({ id: 'c1', unreadCount: 0 }), 'me'))).toMatchObject([{ id: 'c2' }, { id: 'c1', unreadCount: 0 }])
  })

  it('empties a list by a tag that is deleted', () => {
    const entry = listOf(aConversation({ tags: [vip] }), { ...noFilter, tag: vip.id })
    expect(shown(applyEvent(entry, { name: 'tag:deleted', body: { tagId: vip.id } }, 'me'))).toEqual([])
  })

  it('shows a tag under its new name in every list', () => {
    const tag = { id: 'x', name: 'VIP', color: '#aa0000' }
    const list: Entry = { kind: 'list', filter: noFilter, data: { pageParams: [null], pages: [{ data: [aConversation({ tags: [tag] })], nextCursor: null }] } }
    const event: DeskEvent = { name: 'tag:updated', body: { tagId: 'x', tag: { ...tag, name: 'Retorna sempre' } } }
    expect(shown(applyEvent(list, event, 'me'))).toMatchObject([{ tags: [{ name: 'Retorna sempre' }] }])
  })
})
