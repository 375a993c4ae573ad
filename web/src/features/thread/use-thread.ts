import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Message, MessagePage } from '@/api/types'
import { useOutgoing } from '@/outgoing/outgoing'
import { threadQuery } from './queries'
import { ownReactions } from './reactions'
import { firstUnread, rowsOf, type Row } from './rows'
import { withOutgoing } from './shown'

export type PageOfRows = { key: string; rows: Row[] }

/** The messages of a conversation as rows, page by page from old to new: the newest, or those around a wanted message
 * that lies further back. What this screen is sending stands behind the newest. */
export function useThread(conversation: string, me: string, unread: number, wanted: string | undefined) {
  const live = useInfiniteQuery(threadQuery(conversation))
  const isFar = wanted !== undefined && live.data !== undefined && !has(live.data, wanted)
  const far = useInfiniteQuery({ ...threadQuery(conversation, wanted), enabled: isFar })
  const outgoing = useOutgoing(conversation)
  const [unreadAtFirst] = useState(unread)
  const shown = isFar ? far : live
  const unreadFrom = useMemoOnce(live.data && unreadAtFirst > 0 ? live.data : undefined, (data) => firstUnread(messagesOf(data), unreadAtFirst))
  const pages = useMemo(() => {
    if (!shown.data) return []
    const lists = shown.data.pages.map((p) => p.data).toReversed()
    const newest = lists.at(-1)
    if (!isFar && newest) lists[lists.length - 1] = withOutgoing(newest, outgoing, me)
    return lists.map((list, i): PageOfRows => ({ key: list[0]?.id ?? 'empty', rows: cached(list, me, lists.slice(0, i).findLast((l) => l.length > 0)?.at(-1), unreadFrom) }))
  }, [shown.data, isFar, outgoing, me, unreadFrom])
  const reacted = useStable(useMemo(() => ownReactions(shown.data ? messagesOf(shown.data) : []), [shown.data]))
  return { pages, reacted, isFar, shown, newest: live.data?.pages[0]?.data.at(-1) }
}

const messagesOf = (data: { pages: MessagePage[] }) => data.pages.toReversed().flatMap((p) => p.data)
const has = (data: { pages: MessagePage[] }, id: string) => data.pages.some((p) => p.data.some((m) => m.id === id))

type Made = { before: Message | undefined; unreadFrom: string | undefined; me: string; rows: Row[] }
const made = new WeakMap<Message[], Made>()

/** The rows of a page, the very same ones while nothing changed that they depend on. */
function cached(list: Message[], me: string, before: Message | undefined, unreadFrom: string | undefined): Row[] {
  const known = made.get(list)
  if (known && known.before === before && known.unreadFrom === unreadFrom && known.me === me) return known.rows
  const rows = rowsOf(list, me, { before, unreadFrom })
  made.set(list, { before, unreadFrom, me, rows })
  return rows
}

/** What was made of the first value that there was. */
function useMemoOnce<A, B>(value: A | undefined, make: (a: A) => B): B | undefined {
  const [kept, setKept] = useState<{ of: B }>()
  if (!kept && value !== undefined) {
    const first = { of: make(value) }
    setKept(first)
    return first.of
  }
  return kept?.of
}

/** The same map while it says the same, so that rows need not be rendered again. */
function useStable(map: Map<string, string>): Map<string, string> {
  const [kept, setKept] = useState(map)
  if (kept === map || JSON.stringify([...kept]) === JSON.stringify([...map])) return kept
  setKept(map)
  return map
}
