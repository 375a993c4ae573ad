import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { deskKeys } from '@/api/desk-keys'
import type { Message, MessagePage } from '@/api/types'

const pageSize = 50

/** Page 0 has the newest messages, each further page those before it; within a page the oldest comes first. */
export function threadQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: deskKeys.thread(id),
    queryFn: async ({ pageParam, signal }): Promise<MessagePage> => {
      const before = pageParam === null ? '' : `&before=${pageParam}`
      const page = await call<{ data: Message[] }>(`/api/conversations/${id}/messages?limit=${pageSize}${before}`, { signal })
      return { data: page.data, more: page.data.length === pageSize }
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.more ? page.data[0]?.id ?? null : null),
  })
}
