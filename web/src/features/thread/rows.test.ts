import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/types'
import { aMessage, at } from '@/test/factories'
import { edges } from './queries'
import { firstUnread, rowsOf, whoSaid } from './rows'

const guest = (id: string, minutes: number, more: Partial<Message> = {}) => aMessage({ id, timestamp: at(minutes), ...more })
const bot = (id: string, minutes: number) => guest(id, minutes, { direction: 'OUTBOUND', sender: 'BOT' })
const person = (id: string, minutes: number, by: string) => guest(id, minutes, { direction: 'OUTBOUND', sender: 'PERSON', sentById: by })
const utcDay = (iso: string) => iso.slice(0, 10)

/** A row in a few letters: who speaks, [ begins a group. */
const sketch = (messages: Message[]) => rowsOf(messages, 'ana', { dayOf: utcDay }).map((row) => {
  if (row.kind !== 'message') return row.kind
  return `${row.begins ? '[' : ''}${row.who}:${row.message.id}`
}).join(' ')

describe('rowsOf', () => {
  const day = 24 * 60
  it.each([
    ['nothing', [], ''],
    ['one message stands by itself', [guest('a', 0)], 'day [guest:a'],
    ['what one says in a row belongs together', [guest('a', 0), guest('b', 1), guest('c', 2)], 'day [guest:a guest:b guest:c'],
    ['another speaker begins a group', [guest('a', 0), bot('b', 1), guest('c', 2)], 'day [guest:a [bot:b [guest:c'],
    ['five minutes part a group', [guest('a', 0), guest('b', 5)], 'day [guest:a [guest:b'],
    ['just below five minutes do not', [guest('a', 0), guest('b', 4.99)], 'day [guest:a guest:b'],
    ['a day begins with its date, and a group', [guest('a', 11 * 60 + 59), guest('b', 12 * 60 + 1)], 'day [guest:a day [guest:b'],
    ['a day without messages has no row', [guest('a', 0), guest('b', 3 * day)], 'day [guest:a day [guest:b'],
    ['I and a colleague are told apart', [person('a', 0, 'ana'), person('b', 1, 'bia'), person('c', 2, 'rui')], 'day [me:a [colleague:b [colleague:c'],
    ['a notice parts a group', [guest('a', 0), guest('n', 1, { type: 'NOTICE' }), guest('b', 2)], 'day [guest:a notice [guest:b'],
    ['reactions are no rows', [guest('a', 0), guest('r', 1, { type: 'REACTION' }), guest('b', 2)], 'day [guest:a guest:b'],
    ['unknown kinds are rows', [guest('a', 0, { type: 'SOMETHING_NEW' })], 'day [guest:a'],
  ] as [string, Message[], string][])('%s', (_, messages, want) => {
    expect(sketch(messages)).toBe(want)
  })

  it('keeps the key of a message from its sending to its arrival', () => {
    const [, sending] = rowsOf([person('x', 0, 'ana')].map((m) => ({ ...m, clientId: 'x' })), 'ana', { dayOf: utcDay })
    const [, arrived] = rowsOf([person('019', 0, 'ana')].map((m) => ({ ...m, clientId: 'x' })), 'ana', { dayOf: utcDay })
    expect(arrived?.key).toBe(sending?.key)
  })
})

describe('rows made page by page', () => {
  const messages = [guest('a', 0), guest('b', 1), bot('c', 2), guest('n', 3, { type: 'NOTICE' }), guest('d', 4), guest('e', 24 * 60)]
  it.each([1, 2, 3, 4, 5])('are those of the whole, cut after %i', (cut) => {
    const first = rowsOf(messages.slice(0, cut), 'ana', { dayOf: utcDay })
    const then = rowsOf(messages.slice(cut), 'ana', { dayOf: utcDay, before: messages[cut - 1] })
    expect([...first, ...then]).toEqual(rowsOf(messages, 'ana', { dayOf: utcDay }))
  })
})

describe('what is unread', () => {
  const messages = [guest('a', 0), guest('b', 1), bot('c', 2), guest('d', 3), guest('r', 4, { type: 'REACTION' }), bot('e', 5)]
  it.each([[0, undefined], [1, 'd'], [2, 'b'], [3, 'a'], [4, undefined]])('begins, of %i, at %s', (unread, want) => expect(firstUnread(messages, unread)).toBe(want))
  it('has a line above it, and a group of its own', () => {
    expect(rowsOf(messages, 'ana', { dayOf: utcDay, unreadFrom: 'b' }).map((row) => (row.kind === 'message' ? `${row.begins ? '[' : ''}${row.message.id}` : row.kind)).join(' ')).toBe('day [a unread [b [c [d [e')
  })
})

describe('edges', () => {
  const page = (count: number) => Array.from({ length: count }, (_, i) => guest(`m${i}`, i))
  it.each([
    ['the newest page, full', 50, undefined, undefined, true, false], ['the only page', 49, undefined, undefined, false, false],
    ['newer ones, full', 50, 'after', 'x', true, true], ['newer ones, to the end', 10, 'after', 'x', true, false],
    ['around one in the middle', 50, 'around', 'm25', true, true], ['around one near the beginning', 30, 'around', 'm5', false, true],
    ['around one near the end', 30, 'around', 'm25', true, false], ['around the only one', 1, 'around', 'm0', false, false],
  ])('%s', (_, count, way, of, more, newer) => expect(edges(page(count), way, of)).toEqual({ more, newer }))
})

describe('whoSaid', () => {
  it('knows the phone of the hotel', () => {
    expect(whoSaid(aMessage({ direction: 'OUTBOUND', sender: 'PERSON', metadata: { fromPhone: true } }), 'ana')).toBe('phone')
  })
})
