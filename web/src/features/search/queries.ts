import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { ContactRow, MessageHits } from '@/api/types'

const guestsShown = 5
const messagesShown = 30

export const guestsQuery = (text: string) => queryOptions({
  queryKey: ['search', 'guests', text], staleTime: 30_000, placeholderData: keepPreviousData,
  queryFn: ({ signal }) => call<{ data: ContactRow[] }>(`/api/contacts?${new URLSearchParams({ search: text, limit: String(guestsShown) })}`, { signal }),
})

export const messagesQuery = (text: string) => infiniteQueryOptions({
  queryKey: ['search', 'messages', text], staleTime: 30_000, placeholderData: keepPreviousData,
  queryFn: ({ pageParam, signal }) => {
    const q = new URLSearchParams({ query: text, limit: String(messagesShown) })
    if (pageParam !== null) q.set('cursor', pageParam)
    return call<MessageHits>(`/api/messages/search?${q}`, { signal })
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
})
