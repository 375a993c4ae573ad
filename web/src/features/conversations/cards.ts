import type { ListData } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'

type Fetched = Pick<ListData, 'pages'>

const none: Conversation[] = []
const made = new WeakMap<Fetched, Conversation[]>()

/** The cards of all fetched pages, each once: one may have moved between two fetches. */
export function cardsOf(list: Fetched | undefined): Conversation[] {
  if (!list) return none
  const known = made.get(list)
  if (known) return known
  const cards = [...new Map(list.pages.flatMap((p) => p.data.map((c) => [c.id, c] as const))).values()]
  made.set(list, cards)
  return cards
}
