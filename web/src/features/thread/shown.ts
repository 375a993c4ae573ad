import type { Message } from '@/api/types'
import type { Outgoing } from '@/outgoing/outgoing'

/** What this screen is sending, as messages behind those that the server has. */
export function withOutgoing(messages: Message[], outgoing: Outgoing[], me: string): Message[] {
  if (outgoing.length === 0) return messages
  const known = new Set(messages.map((m) => m.clientId))
  return [...messages, ...outgoing.filter((o) => !known.has(o.clientId)).map((o) => asMessage(o, me))]
}

function asMessage(o: Outgoing, me: string): Message {
  return {
    id: o.clientId, clientId: o.clientId, conversationId: o.conversationId, contactId: '', tenantId: '', content: o.content,
    direction: 'OUTBOUND', sender: 'PERSON', sentById: me, type: 'TEXT', status: o.failed === undefined ? 'PENDING' : 'FAILED',
    externalMessageId: null, whatsappMessageId: null, metadata: {}, timestamp: o.at, createdAt: o.at, updatedAt: o.at,
  }
}
