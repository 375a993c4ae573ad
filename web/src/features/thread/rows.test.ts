import { describe, expect, it } from 'vitest'
import type { Message } from '@/api/types'
import { aMessage, at } from '@/test/factories'
import { rowsOf, whoSaid } from './rows'

const guest = (id: string, minutes: number, more: Partial<Message> = {}) => aMessage({ id, timestamp: at(minutes), ...more })
const bot = (id: string, minutes: number) => guest(id, minutes, { direction: 'OUTBOUND', sender: 'BOT' })
const person = (id: string, minutes: number, by: string) => guest(id, minutes, { direction: 'OUTBOUND', sender: 'PERSON', sentById: by })
const utcDay = (iso: string) => iso.slice(0, 10)

/** A row in a few letters: who speaks, [ begins a group, ] ends it. */
const sketch = (messages: Message[]) => rowsOf(messages, 'ana', utcDay).map((row) => {
  if (row.kind !== 'message') return row.kind
  return `${row.begins ? '[' : ''}${row.who}:${row.message.id}${row.ends ? ']' : ''}`
}).join(' ')

describe('rowsOf', () => {
  const day = 24 * 60
  it.each([
    ['nothing', [], ''],
    ['one message stands by itself', [guest('a', 0)], 'day [guest:a]'],
    ['what one says in a row belongs together', [guest('a', 0), guest('b', 1), guest('c', 2)], 'day [guest:a guest:b guest:c]'],
    ['another speaker begins a group', [guest('a', 0), bot('b', 1), guest('c', 2)], 'day [guest:a] [bot:b] [guest:c]'],
    ['five minutes part a group', [guest('a', 0), guest('b', 5)], 'day [guest:a] [guest:b]'],
    ['just below five minutes do not', [guest('a', 0), guest('b', 4.99)], 'day [guest:a guest:b]'],
    ['a day begins with its date, and a group', [guest('a', 11 * 60 + 59), guest('b', 12 * 60 + 1)], 'day [guest:a] day [guest:b]'],
    ['a day without messages has no row', [guest('a', 0), guest('b', 3 * day)], 'day [guest:a] day [guest:b]'],
    ['I and a colleague are told apart', [person('a', 0, 'ana'), person('b', 1, 'bia'), person('c', 2, 'rui')], 'day [me:a] [colleague:b] [colleague:c]'],
    ['a notice parts a group', [guest('a', 0), guest('n', 1, { type: 'NOTICE' }), guest('b', 2)], 'day [guest:a] notice [guest:b]'],
    ['reactions are no rows', [guest('a', 0), guest('r', 1, { type: 'REACTION' }), guest('b', 2)], 'day [guest:a guest:b]'],
    ['unknown kinds are rows', [guest('a', 0, { type: 'SOMETHING_NEW' })], 'day [guest:a]'],
  ] as [string, Message[], string][])('%s', (_, messages, want) => {
    expect(sketch(messages)).toBe(want)
  })

  it('keeps the key of a message from its sending to its arrival', () => {
    const [, sending] = rowsOf([person('x', 0, 'ana')].map((m) => ({ ...m, clientId: 'x' })), 'ana', utcDay)
    const [, arrived] = rowsOf([person('019', 0, 'ana')].map((m) => ({ ...m, clientId: 'x' })), 'ana', utcDay)
    expect(arrived?.key).toBe(sending?.key)
  })
})

describe('whoSaid', () => {
  it('knows the phone of the hotel', () => {
    expect(whoSaid(aMessage({ direction: 'OUTBOUND', sender: 'PERSON', metadata: { fromPhone: true } }), 'ana')).toBe('phone')
  })
})
