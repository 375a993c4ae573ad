import { useInfiniteQuery } from '@tanstack/react-query'
import type { ListFilter } from '@/api/desk-keys'
import { cardsOf } from '@/features/conversations/cards'
import { ConversationCard } from '@/features/conversations/conversation-card'
import { listQuery } from '@/features/conversations/queries'
import { SearchResults } from '@/features/search/search-results'

type Props = { filter: ListFilter; chosen: string | undefined; me: string; showUnit: boolean }

/** What a search finds, in the place of the list. */
export function Found({ filter, chosen, me, showUnit }: Props) {
  const list = useInfiniteQuery(listQuery(filter))
  const cards = cardsOf(list.data)
  return (
    <SearchResults
      text={filter.search}
      total={cards.length}
      isSearching={list.isPending}
      hasMore={list.hasNextPage}
      onMore={() => void list.fetchNextPage()}
      conversations={cards.map((card) => <li key={card.id}><ConversationCard conversation={card} me={me} chosen={card.id === chosen} showUnit={showUnit} /></li>)}
    />
  )
}
