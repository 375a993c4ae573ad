import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '@/api/client'
import { deskKeys } from '@/api/desk-keys'
import type { Message, MessagePage } from '@/api/types'

const pageSize = 50

/** Page 0 has the newest messages, each further page those before it; within a page the oldest comes first. With a
 * message's id the first page has that message in its middle, and newer ones are put before page 0. */
export function threadQuery(id: string, around?: string) {
  return infiniteQueryOptions({
    queryKey: deskKeys.thread(id, around),
    queryFn: async ({ pageParam, signal }): Promise<MessagePage> => {
      const [way, of] = pageParam?.split(' ') ?? []
      const place = way === undefined ? '' : `&${way}=${of}`
      const { data } = await call<{ data: Message[] }>(`/api/conversations/${id}/messages?limit=${pageSize}${place}`, { signal })
      return { data, ...edges(data, way, of) }
    },
    initialPageParam: (around === undefined ? null : `around ${around}`) as string | null,
    getNextPageParam: (page) => (page.more && page.data[0] ? `before ${page.data[0].id}` : null),
    getPreviousPageParam: (page) => (page.newer ? `after ${page.data.at(-1)?.id}` : null),
  })
}

/** What lies beyond a page, told by whether it is full. */
export function edges(data: Message[], way: string | undefined, of: string | undefined): { more: boolean; newer: boolean } {
  const isFull = data.length === pageSize
  if (way === 'after') return { more: true, newer: isFull }
  if (way !== 'around') return { more: isFull, newer: false }
  const at = data.findIndex((m) => m.id === of)
  return { more: at >= pageSize / 2, newer: data.length - 1 - at >= pageSize / 2 - 1 }
}
