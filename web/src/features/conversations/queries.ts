import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { activeStates, deskKeys, type ListFilter } from '@/api/desk-keys'
import type { Conversation, ConversationPage, Counts } from '@/api/types'

const pageSize = 40

export function listQuery(filter: ListFilter) {
  return infiniteQueryOptions({
    queryKey: deskKeys.list(filter),
    queryFn: ({ pageParam, signal }) => call<ConversationPage>(`/api/conversations?${parameters(filter, pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: filter.closing ? 60_000 : false, // time alone changes these
  })
}

function parameters(f: ListFilter, cursor: string | null): URLSearchParams {
  const q = narrowing(f)
  q.set('limit', String(pageSize))
  q.set('status', f.status === '' ? activeStates.join(',') : f.status)
  if (f.who !== '') q.set('assignedToId', f.who)
  if (f.unread) q.set('unread', 'true')
  if (f.sort === 'oldest') q.set('sort', 'oldest')
  if (f.search !== '') q.set('search', f.search)
  if (cursor !== null) q.set('cursor', cursor)
  return q
}

/** What narrows all lists of the desk alike, and what is counted in them. */
function narrowing(f: ListFilter): URLSearchParams {
  const q = new URLSearchParams()
  if (f.unit !== '') q.set('hotelUnit', f.unit)
  if (f.tag !== '') q.set('tagId', f.tag)
  if (f.priority !== '') q.set('priority', f.priority)
  if (f.opportunity) q.set('isOpportunity', 'true')
  if (f.closing) q.set('windowClosing', 'true')
  return q
}

/** How many conversations each list behind these filters has; the server counts, again after every change. */
export const countsQuery = (f: ListFilter) => queryOptions({
  queryKey: deskKeys.counts(f),
  queryFn: ({ signal }) => call<Counts>(`/api/conversations/counts?${narrowing(f)}`, { signal }),
  placeholderData: keepPreviousData,
  refetchInterval: f.closing ? 60_000 : false,
})

export const cardQuery = (id: string) => queryOptions({
  queryKey: deskKeys.card(id),
  queryFn: ({ signal }) => call<Conversation>(`/api/conversations/${id}`, { signal }),
})
