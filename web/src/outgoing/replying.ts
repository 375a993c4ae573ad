// Which message the next answer quotes, by conversation. It is chosen in the thread and shown above the composer.
import { useSyncExternalStore } from 'react'
import type { Message, Quote } from '@/api/types'

const chosen = new Map<string, Quote>()
const listeners = new Set<() => void>()

export function replyTo(m: Message) {
  chosen.set(m.conversationId, { id: m.id, direction: m.direction, sender: m.sender, type: m.type, content: m.content })
  listeners.forEach((tell) => tell())
}

export function forgetReply(conversation: string) {
  if (chosen.delete(conversation)) listeners.forEach((tell) => tell())
}

export const useReplying = (conversation: string) => useSyncExternalStore(subscribe, () => chosen.get(conversation))

function subscribe(listen: () => void) {
  listeners.add(listen)
  return () => void listeners.delete(listen)
}
