import type { Contact, Conversation, Failure, Message, Tag } from '@/api/types'

/** What the server tells screens: internal/wire/event.go. The parts that an event has not are left out. */
export type Body = {
  conversationId?: string
  conversation?: Conversation
  message?: Message
  messageId?: string
  status?: string
  externalMessageId?: string | null
  errorInfo?: Failure
  contact?: Contact
  contactId?: string
  tag?: Tag
  tagId?: string
  epoch?: string
  seq?: number
}

export type DeskEvent = { name: EventName; body: Body }

export const eventNames = [
  'message:new', 'message:updated', 'message:status',
  'conversation:new', 'conversation:updated', 'conversation:deleted', 'conversation:removed',
  'escalation:new', 'escalation:updated', 'window:closing',
  'tag:updated', 'tag:deleted', 'contact:updated',
] as const

export type EventName = (typeof eventNames)[number]
