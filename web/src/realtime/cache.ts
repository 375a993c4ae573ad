// Holds the query cache to what happens: every event is applied to every key that it may concern.
import type { Query, QueryClient } from '@tanstack/react-query'
import { deskKeys, type CardData, type ListData, type ListFilter, type ThreadData } from '@/api/desk-keys'
import { applyEvent, type Entry } from './apply'
import type { DeskEvent } from './events'
import { EventLog, Newest } from './replay'

const log = new EventLog()
const newest = new Newest()
const began = new Map<string, number>()

function entryOf(query: Query): Entry | undefined {
  const [room, kind, what] = query.queryKey as [string, string, unknown]
  if (room !== 'desk' || query.state.data === undefined) return undefined
  if (kind === 'list') return { kind, filter: what as ListFilter, data: query.state.data as ListData }
  if (kind === 'card') return { kind, id: what as string, data: query.state.data as CardData }
  if (kind === 'thread') return { kind, id: what as string, data: query.state.data as ThreadData }
  return undefined
}

function applyTo(client: QueryClient, query: Query, events: DeskEvent[], me: string) {
  const entry = entryOf(query)
  if (entry === undefined) return
  const next = events.reduce((now, e) => applyEvent(now, e, me), entry)
  if (next !== entry) client.setQueryData(query.queryKey, next.data, { updatedAt: query.state.dataUpdatedAt })
}

/** Applies an event to all that was fetched. */
export function happened(client: QueryClient, told: DeskEvent, me: string) {
  const e = newest.of(told)
  log.add(e)
  for (const query of client.getQueryCache().findAll({ queryKey: ['desk'] })) applyTo(client, query, [e], me)
  if (e.body.conversation !== undefined || e.name.startsWith('conversation:')) recount(client)
}

const pause = 1500 // between two counts, however much happens
let counting: number | undefined

/** Counts are the server's: a screen does not know all conversations. */
function recount(client: QueryClient) {
  counting ??= window.setTimeout(() => {
    counting = undefined
    void client.invalidateQueries({ queryKey: deskKeys.allCounts })
  }, pause)
}

/** Brings every answer up to date with the events that came while it was fetched. */
export function keepFetchesLive(client: QueryClient, me: string): () => void {
  return client.getQueryCache().subscribe((change) => {
    if (change.type !== 'updated' || change.query.queryKey[0] !== 'desk') return
    const { action, query } = change
    if (action.type === 'fetch') began.set(query.queryHash, log.position())
    if (action.type !== 'success' || action.manual) return
    const missed = log.since(began.get(query.queryHash) ?? log.position())
    if (missed.length > 0) queueMicrotask(() => applyTo(client, query, missed, me))
  })
}

/** Fetches anew what may have been missed. Of long threads only the newest part: the rest is fetched when it is read. */
export function refetchDesk(client: QueryClient) {
  for (const query of client.getQueryCache().findAll({ queryKey: ['desk', 'thread'] })) {
    const thread = query.state.data as ThreadData | undefined
    if (thread && thread.pages.length > keptPages) client.setQueryData<ThreadData>(query.queryKey, { pages: thread.pages.slice(0, keptPages), pageParams: thread.pageParams.slice(0, keptPages) })
  }
  return client.invalidateQueries({ queryKey: ['desk'] })
}

const keptPages = 4

