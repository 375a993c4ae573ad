// Conversations and messages for tests; they say only what matters to each.
import type { Conversation, Message } from '@/api/types'

export const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 12, 0) + minutes * 60_000).toISOString()

export function aMessage(of: Partial<Message> = {}): Message {
  const timestamp = of.timestamp ?? at(0)
  return {
    id: 'm1', conversationId: 'c1', contactId: 'g1', tenantId: 't1', content: 'Olá', direction: 'INBOUND', sender: 'GUEST', sentById: null, type: 'TEXT',
    status: 'DELIVERED', externalMessageId: null, whatsappMessageId: null, metadata: {}, createdAt: timestamp, updatedAt: timestamp, ...of, timestamp,
  }
}

export function aConversation(of: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1', tenantId: 't1', contactId: 'g1', assignedTo: null, assignedToId: null, status: 'OPEN', priority: 'MEDIUM', channel: 'WHATSAPP', source: null,
    hotelUnit: null, iaLocked: false, iaLockedAt: null, iaLockedBy: null, isOpportunity: false, opportunityAt: null, lastMessageAt: at(0), createdAt: at(0),
    closedAt: null, metadata: null, tags: [], lastMessage: null, unreadCount: 0, lastInboundAt: null, windowExpiresAt: null, windowClosesAt: null, revision: 1,
    ball: { state: 'BOT', since: at(0), version: 0, handsBackAt: null },
    contact: {
      id: 'g1', phoneNumber: '5511987654321', name: 'Marina', firstName: null, lastName: null, companyName: null, designation: null, profilePictureUrl: null,
      email: null, username: null, bsuid: null, metadata: null, channel: 'WHATSAPP', createdAt: at(0), updatedAt: at(0),
    },
    ...of,
  }
}
