// What this screen is sending: shown at once, until the server has it. Messages of one conversation leave one after
// the other, so that they keep their order. The client id makes a second try the same message (Idempotency-Key).
import { useSyncExternalStore } from 'react'
import { ApiError, call } from '@/api/client'
import type { Message } from '@/api/types'

export type Outgoing = { clientId: string; conversationId: string; content: string; at: string; failed?: unknown }

type Sent = (m: Message) => void

const none: Outgoing[] = []
const waiting = new Map<string, Outgoing[]>()
const last = new Map<string, Promise<void>>()
const listeners = new Set<() => void>()

function set(conversation: string, change: (list: Outgoing[]) => Outgoing[]) {
  const next = change(waiting.get(conversation) ?? none)
  if (next.length === 0) waiting.delete(conversation)
  else waiting.set(conversation, next)
  listeners.forEach((tell) => tell())
}

export function send(conversationId: string, content: string, sent: Sent) {
  const o: Outgoing = { clientId: crypto.randomUUID(), conversationId, content, at: new Date().toISOString() }
  set(conversationId, (list) => [...list, o])
  inTurn(o, sent)
}

export function sendAgain(o: Outgoing, sent: Sent) {
  const { failed: _, ...fresh } = o
  set(o.conversationId, (list) => list.map((other) => (other.clientId === o.clientId ? fresh : other)))
  inTurn(fresh, sent)
}

export const discard = (o: Outgoing) => set(o.conversationId, (list) => list.filter((other) => other.clientId !== o.clientId))

function inTurn(o: Outgoing, sent: Sent) {
  const before = last.get(o.conversationId) ?? Promise.resolve()
  last.set(o.conversationId, before.then(() => post(o, sent)))
}

async function post(o: Outgoing, sent: Sent) {
  try {
    const body = { content: o.content, type: 'TEXT', clientId: o.clientId }
    sent(await call<Message>(`/api/conversations/${o.conversationId}/messages`, { method: 'POST', body }))
    discard(o)
  } catch (e) {
    const failed = e instanceof ApiError ? e : new ApiError('internal', 500)
    set(o.conversationId, (list) => list.map((other) => (other.clientId === o.clientId ? { ...other, failed } : other)))
  }
}

export function useOutgoing(conversation: string): Outgoing[] {
  return useSyncExternalStore(subscribe, () => waiting.get(conversation) ?? none)
}

function subscribe(listen: () => void) {
  listeners.add(listen)
  return () => void listeners.delete(listen)
}
