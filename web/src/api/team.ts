import { queryOptions } from '@tanstack/react-query'
import { call } from './client'
import type { TagItem, Teammate } from './types'

const few = 5 * 60_000 // who is in the team and which tags there are changes seldom

/** Who is and was in the team: names for messages, and who may be given a conversation. */
export const teamQuery = queryOptions({
  queryKey: ['team'], staleTime: few,
  queryFn: ({ signal }) => call<{ data: Teammate[] }>('/api/users/names', { signal }),
  select: (list) => list.data,
})

export const tagsQuery = queryOptions({
  queryKey: ['tags'], staleTime: few,
  queryFn: ({ signal }) => call<{ data: TagItem[] }>('/api/tags', { signal }),
  select: (list) => list.data,
})
