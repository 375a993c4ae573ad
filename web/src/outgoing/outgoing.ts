// What this screen is sending: shown at once, until the server has it. Messages of one conversation leave one after
// the other, so that they keep their order; while there is no connection they wait. The client id makes a second try
// the same message. What waits survives a reload (kept.ts); how each kind is posted stands in post.ts.
import { useSyncExternalStore } from 'react'
import { ApiError } from '@/api/client'
import type { Message, Quote } from '@/api/types'
import { forgetFile, keepFile, keepList, keptList } from './kept'
import { post } from './post'

export type FileKind = 'IMAGE' | 'VIDEO' | 'AUDIO' | 'VOICE' | 'DOCUMENT' | 'STICKER'
export type Words = { kind: 'text'; content: string }
export type Filed = { kind: 'file'; as: FileKind; name: string; mimeType: string; size: number; caption: string; duration?: number; mediaId?: string }
export type Note = { kind: 'note'; content: string; mentions: string[] }
export type Said = Words | Filed | Note

type Refusal = { code: string; status: number }

export type Outgoing = {
  clientId: string; conversationId: string; at: string; said: Said; replyTo?: Quote
  failed?: Refusal
  progress?: number // of an upload, 0 to 1
}

type Tell = (m: Message) => void

const none: Outgoing[] = []
const waiting = new Map<string, Outgoing[]>()
const running = new Set<string>()
const uploads = new Map<string, AbortController>()
const listeners = new Set<() => void>()
let session: { me: string; tell: Tell } | undefined

/** Lets what waits leave, also what waited before a reload, until the returned function is called. */
export function startSending(me: string, tell: Tell): () => void {
  const mine = { me, tell }
  session = mine
  for (const o of keptList(me)) if (!listOf(o.conversationId).some((other) => other.clientId === o.clientId)) put(o)
  wake()
  return () => {
    if (session !== mine) return
    session = undefined
    uploads.forEach((u) => u.abort())
    waiting.clear()
    wake()
    changed()
  }
}

export function send(conversationId: string, said: Said, more: { replyTo?: Quote | undefined; file?: Blob } = {}) {
  const o: Outgoing = {
    clientId: crypto.randomUUID(), conversationId, at: new Date().toISOString(), said, ...(more.replyTo && { replyTo: more.replyTo }),
  }
  if (more.file) keepFile(o.clientId, more.file)
  put(o)
  keep()
  void run(conversationId)
}

export function sendAgain(o: Outgoing) {
  const { failed: _, ...fresh } = o
  replace(fresh)
  keep()
  void run(o.conversationId)
}

export function discard(o: Outgoing) {
  uploads.get(o.clientId)?.abort()
  forgetFile(o.clientId)
  set(o.conversationId, listOf(o.conversationId).filter((other) => other.clientId !== o.clientId))
  keep()
}

/** Tries at once what waits for a connection. */
export function wake() {
  const pausing = [...pauses]
  pauses.clear()
  pausing.forEach((resume) => resume())
  waiting.forEach((_, conversation) => void run(conversation))
}

async function run(conversation: string) {
  if (running.has(conversation)) return
  running.add(conversation)
  let tries = 0
  for (let o = nextOf(conversation); o && session; o = nextOf(conversation)) tries = await attempt(o, session.tell, tries)
  running.delete(conversation)
}

const nextOf = (conversation: string) => listOf(conversation).find((o) => o.failed === undefined)

/** Tries to send one. Returns how often the same one was tried in vain. */
async function attempt(o: Outgoing, tell: Tell, tries: number): Promise<number> {
  const control = new AbortController()
  uploads.set(o.clientId, control)
  try {
    const message = await post(o, control.signal, { onProgress: (progress) => show(o.clientId, { progress }), onUploaded: (said) => show(o.clientId, { said }) })
    tell({ ...message, ...(o.replyTo && !message.quoted && { quoted: o.replyTo }) })
    discard(o)
    return 0
  } catch (e) {
    if (control.signal.aborted) return 0
    if (isPassing(e, tries)) {
      await pause(Math.min(30_000, 1000 * 2 ** tries))
      return tries + 1
    }
    show(o.clientId, { failed: e instanceof ApiError ? { code: e.code, status: e.status } : { code: 'internal', status: 500 } })
    keep()
    return 0
  } finally {
    uploads.delete(o.clientId)
  }
}

/** Whether the same message may get through by itself a little later. */
export function isPassing(e: unknown, tries: number): boolean {
  if (!(e instanceof ApiError)) return false
  return e.status === 0 || e.status === 401 || e.status === 429 || (e.status >= 500 && tries < 6)
}

const pauses = new Set<() => void>()

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const resume = () => {
      clearTimeout(timer)
      pauses.delete(resume)
      resolve()
    }
    const timer = setTimeout(resume, ms)
    pauses.add(resume)
  })
}

const listOf = (conversation: string) => waiting.get(conversation) ?? none

function set(conversation: string, next: Outgoing[]) {
  if (next.length === 0) waiting.delete(conversation)
  else waiting.set(conversation, next)
  changed()
}

const changed = () => listeners.forEach((tell) => tell())
const put = (o: Outgoing) => set(o.conversationId, [...listOf(o.conversationId), o])
const replace = (o: Outgoing) => set(o.conversationId, listOf(o.conversationId).map((other) => (other.clientId === o.clientId ? o : other)))

function show(clientId: string, news: Partial<Outgoing>) {
  for (const list of waiting.values()) {
    const o = list.find((one) => one.clientId === clientId)
    if (o) return replace({ ...o, ...news })
  }
}

function keep() {
  if (session) keepList(session.me, [...waiting.values()].flat())
}

export function useOutgoing(conversation: string): Outgoing[] {
  return useSyncExternalStore(subscribe, () => listOf(conversation))
}

function subscribe(listen: () => void) {
  listeners.add(listen)
  return () => void listeners.delete(listen)
}
