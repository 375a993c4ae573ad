import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { CircleCheck, SearchX, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { cardsOf } from './cards'
import { ConversationCard } from './conversation-card'
import { folderOf, narrowed } from './folders'
import { listQuery } from './queries'

type Props = { filter: ListFilter; chosen: string | undefined; me: string; showUnit: boolean; picked?: ReadonlySet<string> | undefined; onPick?: (id: string, ids: string[], isRange: boolean) => void }

export function ConversationList({ filter, chosen, me, showUnit, picked, onPick }: Props) {
  const list = useInfiniteQuery(listQuery(filter))
  const { t } = useI18n()
  const textOf = useErrorText()
  const cards = cardsOf(list.data)
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: cards.length, getScrollElement: () => scroller.current, estimateSize: () => 92, overscan: 8, getItemKey: (i) => cards[i]?.id ?? i })
  const shown = rows.getVirtualItems()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= cards.length - 10) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, cards.length])

  if (list.isPending) return <Waiting label={t.loading} />
  if (list.isError && cards.length === 0) {
    return <Notice icon={<TriangleAlert />} title={t.list.failed} hint={textOf(list.error)}><Button onClick={() => void list.refetch()}>{t.retry}</Button></Notice>
  }
  if (cards.length === 0) return <Empty filter={filter} />
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" onKeyDown={moveFocus} role="presentation">
      <ul aria-label={t.list.title} style={{ height: rows.getTotalSize() }} className="relative">
        {shown.map((row) => {
          const card = cards[row.index]
          return card && (
            <li key={row.key} aria-setsize={cards.length} aria-posinset={row.index + 1} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${row.start}px)` }}>
              <ConversationCard conversation={card} me={me} chosen={card.id === chosen} showUnit={showUnit} picking={picked && { isPicked: picked.has(card.id), onPick: (id, isRange) => onPick?.(id, cards.map((c) => c.id), isRange) }} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Up and down go from card to card, as in a list of mail. */
function moveFocus(e: KeyboardEvent<HTMLElement>) {
  if (e.key !== 'ArrowDown' && e.key !== 'ArrowUp') return
  const row = (e.target as HTMLElement).closest('li')
  if (row === null) return
  const wanted = Number(row.getAttribute('aria-posinset')) + (e.key === 'ArrowDown' ? 1 : -1)
  const next = e.currentTarget.querySelector<HTMLElement>(`li[aria-posinset="${wanted}"] a`)
  if (next === null) return
  e.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
}

function Waiting({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex-1 overflow-hidden">
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className="flex h-[92px] gap-3 border-b border-line px-3 py-3">
          <Skeleton className="size-11 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1"><Skeleton className="h-3.5 w-2/5" /><Skeleton className="h-3 w-4/5" /><Skeleton className="h-3 w-1/3" /></div>
        </div>
      ))}
    </div>
  )
}

function Empty({ filter }: { filter: ListFilter }) {
  const { t } = useI18n()
  if (filter.search !== '') return <Notice icon={<SearchX />} title={t.list.emptySearch} hint={t.list.emptySearchHint} />
  if (narrowed(filter).length > 0) return <Notice icon={<CircleCheck />} title={t.list.emptyOther} hint={t.filter.emptyHint} />
  switch (folderOf(filter)) {
    case 'open':
      return <Notice icon={<CircleCheck />} title={t.list.emptyOpen} hint={t.list.emptyOpenHint} />
    case 'mine':
      return <Notice icon={<CircleCheck />} title={t.list.emptyMine} hint={t.list.emptyMineHint} />
    case 'unread':
      return <Notice icon={<CircleCheck />} title={t.list.emptyUnread} />
    default:
      return <Notice icon={<CircleCheck />} title={t.list.emptyOther} />
  }
}
