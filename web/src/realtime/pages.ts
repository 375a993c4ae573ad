// Pages outside the desk are not kept live event by event: what an event concerns is fetched again, if it is on
// screen, and at most every two seconds.
import type { QueryClient } from '@tanstack/react-query'
import type { EventName } from './events'

const concerns: Partial<Record<EventName, string[]>> = {
  'escalation:new': ['escalations'],
  'escalation:updated': ['escalations'],
  'conversation:new': ['counts'],
  'conversation:updated': ['counts', 'opportunities'],
  'conversation:deleted': ['counts', 'opportunities', 'escalations'],
  'contact:updated': ['contacts'],
  'tag:updated': ['tags'],
  'tag:deleted': ['tags'],
}

const pause = 2000
const waiting = new Set<string>()

export function refreshPages(client: QueryClient, name: EventName) {
  for (const page of concerns[name] ?? []) {
    if (waiting.has(page)) continue
    waiting.add(page)
    setTimeout(() => {
      waiting.delete(page)
      void client.invalidateQueries({ queryKey: ['page', page] })
    }, pause)
  }
}
