// The keys of the query cache, and what lies under them. Live events are applied to these (realtime/apply.ts).
import type { InfiniteData } from '@tanstack/react-query'
import type { Conversation, ConversationPage, MessagePage } from './types'

/** Which conversations a list shows. All of it combines. */
export type ListFilter = {
  who: string // '' anybody's, 'me', 'none', or a colleague's id
  status: string // '' all that goes on
  unread: boolean
  unit: string
  tag: string
  priority: string
  opportunity: boolean
  closing: boolean // the 24-hour window ends soon
  sort: 'recent' | 'oldest'
  search: string
}

export const noFilter: ListFilter = {
  who: '', status: '', unread: false, unit: '', tag: '', priority: '', opportunity: false, closing: false, sort: 'recent', search: '',
}

export type ListData = InfiniteData<ConversationPage, string | null>
export type ThreadData = InfiniteData<MessagePage, string | null>
export type CardData = Conversation

export const deskKeys = {
  lists: ['desk', 'list'] as const,
  list: (f: ListFilter) => ['desk', 'list', f] as const,
  allCounts: ['desk', 'counts'] as const,
  counts: (f: ListFilter) => ['desk', 'counts', f.unit, f.tag, f.priority, f.opportunity, f.closing] as const,
  card: (id: string) => ['desk', 'card', id] as const,
  thread: (id: string, around?: string) => (around === undefined ? ['desk', 'thread', id] as const : ['desk', 'thread', id, around] as const),
}

export const activeStates = ['BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING']
