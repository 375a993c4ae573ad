// The keys of the query cache, and what lies under them. Live events are applied to these (realtime/apply.ts).
import type { InfiniteData } from '@tanstack/react-query'
import type { Conversation, ConversationPage, MessagePage } from './types'

export type Folder = 'open' | 'mine' | 'unassigned' | 'unread' | 'closed'
export type ListFilter = { folder: Folder; unit: string; search: string }

export type ListData = InfiniteData<ConversationPage, string | null>
export type ThreadData = InfiniteData<MessagePage, string | null>
export type CardData = Conversation

export const deskKeys = {
  lists: ['desk', 'list'] as const,
  list: (f: ListFilter) => ['desk', 'list', f] as const,
  card: (id: string) => ['desk', 'card', id] as const,
  thread: (id: string) => ['desk', 'thread', id] as const,
}

export const activeStates = ['BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING']
