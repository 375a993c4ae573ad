import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { activeStates, deskKeys, type ListFilter } from '@/api/desk-keys'
import type { Conversation, ConversationPage } from '@/api/types'

const pageSize = 40

export function listQuery(filter: ListFilter) {
  return infiniteQueryOptions({
    queryKey: deskKeys.list(filter),
    queryFn: ({ pageParam, signal }) => call<ConversationPage>(`/api/conversations?${parameters(filter, pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
}

function parameters(f: ListFilter, cursor: string | null): URLSearchParams {
  const q = new URLSearchParams({ limit: String(pageSize), status: f.folder === 'closed' ? 'CLOSED' : activeStates.join(',') })
  if (f.folder === 'mine') q.set('assignedToId', 'me')
  if (f.folder === 'unassigned') q.set('assignedToId', 'none')
  if (f.folder === 'unread') q.set('unread', 'true')
  if (f.unit !== '') q.set('hotelUnit', f.unit)
  if (f.search !== '') q.set('search', f.search)
  if (cursor !== null) q.set('cursor', cursor)
  return q
}

export const cardQuery = (id: string) => queryOptions({
  queryKey: deskKeys.card(id),
  queryFn: ({ signal }) => call<Conversation>(`/api/conversations/${id}`, { signal }),
})
