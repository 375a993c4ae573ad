import type { Message } from '@/api/types'
import { previewOf } from '@/outgoing/kept'
import type { Filed, Outgoing } from '@/outgoing/outgoing'

/** What this screen is sending, as messages behind those that the server has. */
export function withOutgoing(messages: Message[], outgoing: Outgoing[], me: string): Message[] {
  if (outgoing.length === 0) return messages
  const known = new Set(messages.map((m) => m.clientId))
  return [...messages, ...outgoing.filter((o) => !known.has(o.clientId)).map((o) => asMessage(o, me))]
}

function asMessage(o: Outgoing, me: string): Message {
  const { said } = o
  const base: Message = {
    id: o.clientId, clientId: o.clientId, conversationId: o.conversationId, contactId: '', tenantId: '', content: '', direction: 'OUTBOUND',
    sender: 'PERSON', sentById: me, type: 'TEXT', status: o.failed === undefined ? 'PENDING' : 'FAILED', externalMessageId: null,
    whatsappMessageId: null, metadata: {}, timestamp: o.at, createdAt: o.at, updatedAt: o.at, ...(o.replyTo && { quoted: o.replyTo }),
  }
  switch (said.kind) {
    case 'text':
      return { ...base, content: said.content }
    case 'note':
      return { ...base, content: said.content, type: 'NOTICE', metadata: { notice: { type: 'note' } } }
    case 'file':
      return { ...base, ...fileParts(o.clientId, said) }
  }
}

function fileParts(clientId: string, f: Filed): Partial<Message> {
  const address = previewOf(clientId)
  return {
    type: f.as === 'VOICE' ? 'AUDIO' : f.as, content: f.caption, ...(address !== undefined && { mediaUrl: address }),
    metadata: { filename: f.name, fileSize: f.size, mimeType: f.mimeType, caption: f.caption, ...(f.duration !== undefined && { duration: f.duration }), ...(f.as === 'VOICE' && { voice: true }) },
  }
}
