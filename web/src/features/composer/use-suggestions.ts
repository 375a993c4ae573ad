import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type KeyboardEvent } from 'react'
import { call } from '@/api/client'
import { hotelQuery, meQuery } from '@/api/me'
import type { Conversation, QuickReply } from '@/api/types'
import { calledBy, filled, foundReplies, type Called, type Facts } from './quick'

const repliesQuery = {
  queryKey: ['quick-replies', 'active'], staleTime: 60_000,
  queryFn: ({ signal }: { signal: AbortSignal }) => call<{ data: QuickReply[] }>('/api/quick-replies?isActive=true', { signal }),
  select: (list: { data: QuickReply[] }) => list.data,
}

/** The quick replies that a slash calls up, with their gaps filled for this guest. */
export function useQuickReplies(c: Conversation, called: Called | undefined) {
  const all = useQuery({ ...repliesQuery, enabled: called !== undefined })
  const me = useQuery(meQuery)
  const hotel = useQuery(hotelQuery)
  const facts: Facts = {
    guest: c.contact.name, firstName: c.contact.firstName ?? c.contact.name.split(' ')[0] ?? '', attendant: me.data?.name.split(' ')[0] ?? '',
    hotel: hotel.data?.name ?? '', unit: c.hotelUnit ?? '',
  }
  const found = called && all.data ? foundReplies(all.data, called.typed) : []
  return { found, isReady: all.data !== undefined, textOf: (r: QuickReply) => filled(r.content, facts) }
}

/** Tells the box what there is to choose from, and that there is nothing any more when the list goes. */
export function useOffered(texts: string[], onFound: (texts: string[]) => void) {
  const all = texts.join('\u0000')
  useEffect(() => {
    onFound(all === '' ? [] : all.split('\u0000'))
    return () => onFound([])
  }, [all, onFound])
}

/** Which word with a mark the caret is in, and which of what it called up is chosen. */
export function useCalled(mark: '/' | '@', text: string) {
  const [caret, setCaret] = useState(0)
  const [at, setAt] = useState(0)
  const [dismissed, setDismissed] = useState('')
  const called = calledBy(mark, text, caret)
  const shown = called && dismissed !== text.slice(0, called.from + 1) ? called : undefined
  return {
    called: shown, at, setAt,
    moved: (to: number) => {
      setCaret(to)
      setAt(0)
    },
    dismiss: () => setDismissed(called ? text.slice(0, called.from + 1) : ''),
  }
}

/** What a key does while something is called up; whether it did anything. */
export function handleKey(e: KeyboardEvent, count: number, at: number, does: { move: (to: number) => void; choose: (i: number) => void; dismiss: () => void }): boolean {
  if (e.nativeEvent.isComposing) return false
  switch (e.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      if (count === 0) return false
      does.move((at + (e.key === 'ArrowDown' ? 1 : count - 1)) % count)
      break
    case 'Enter':
    case 'Tab':
      if (count === 0 || e.shiftKey) return false
      does.choose(at)
      break
    case 'Escape':
      does.dismiss()
      break
    default:
      return false
  }
  e.preventDefault()
  e.stopPropagation()
  return true
}
