import { expect, it } from 'vitest'
import type { Message } from '@/api/types'
import { aMessage } from '@/test/factories'
import { ownReactions, reactionsTo } from './reactions'

const reaction = (emoji: string, more: Partial<Message> = {}) => aMessage({ type: 'REACTION', direction: 'OUTBOUND', metadata: { reaction: { messageId: 'w1', emoji } }, ...more })
const guests = { emoji: '👍', by: 'GUEST', at: '' }

it.each([
  ['nothing', [], [guests], '👍'],
  ['ours beside the guest’s', [reaction('❤️')], [guests], '👍❤️'],
  ['the last of ours', [reaction('❤️'), reaction('🙏')], [], '🙏'],
  ['ours taken back', [reaction('❤️'), reaction('')], [guests], '👍'],
  ['not what WhatsApp refused', [reaction('❤️', { status: 'FAILED' })], [], ''],
  ['ours once, also where the server says it', [reaction('🙏')], [{ emoji: '❤️', by: 'PERSON', at: '' }], '🙏'],
  ['what the guest put on another message', [reaction('❤️', { direction: 'INBOUND' })], [], ''],
] as [string, Message[], (typeof guests)[], string][])('shows %s', (_, messages, reactions, want) => {
  expect(reactionsTo(aMessage({ externalMessageId: 'w1', metadata: { reactions } }), ownReactions(messages)).map((r) => r.emoji).join('')).toBe(want)
})
