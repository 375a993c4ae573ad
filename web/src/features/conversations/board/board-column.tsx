import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { cardsOf } from '../cards'
import { ConversationCard } from '../conversation-card'
import { listQuery } from '../queries'
import { countText, type Column } from './columns'

const height = 100 // of a card and the gap below it

const colours: Record<Column, string> = { BOT_HANDLING: 'bg-bot', OPEN: 'bg-warn', IN_PROGRESS: 'bg-brand', WAITING: 'bg-read', CLOSED: 'bg-line-strong' }

type Props = { column: Column; filter: ListFilter; counted: number | undefined; chosen: string | undefined; me: string; showUnit: boolean; held: string | undefined; isOver: boolean; onCards: (cards: Conversation[]) => void }

/** One status: how many there are, and their cards, the last heard from first. */
export function BoardColumn({ column, filter, counted, chosen, me, showUnit, held, isOver, onCards }: Props) {
  const { t, format } = useI18n()
  const d = useTexts(deskTexts)
  const textOf = useErrorText()
  const title = useId()
  const list = useInfiniteQuery(listQuery({ ...filter, status: column }))
  const cards = cardsOf(list.data)
  useEffect(() => onCards(cards), [onCards, cards])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: cards.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 6, getItemKey: (i) => cards[i]?.id ?? i })
  const shown = rows.getVirtualItems()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= cards.length - 10) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, cards.length])
  return (
    <section data-column={column} aria-labelledby={title} className={cx('flex h-full min-w-60 flex-1 snap-start flex-col overflow-hidden rounded-lg border max-md:min-w-[82vw]', isOver ? 'border-brand bg-brand-soft' : 'border-line bg-ground')}>
      <header className="flex h-11 shrink-0 items-center gap-2 px-3">
        <span aria-hidden="true" className={cx('size-2.5 rounded-full', colours[column])} />
        <h2 id={title} className="min-w-0 flex-1 truncate font-semibold">{t.status[column]}</h2>
        {list.data && <span className="tabular rounded-full bg-paper px-2 text-small font-medium text-soft" title={d.board.inColumn}>{countText(cards.length, hasNextPage, counted, format.number)}</span>}
      </header>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2">
        {list.isPending && <div role="status" aria-label={t.loading} className="flex flex-col gap-2">{[0, 1, 2].map((i) => <Skeleton key={i} className="h-[92px] w-full !bg-paper" />)}</div>}
        {list.isError && cards.length === 0 && <p role="alert" className="flex flex-col items-center gap-2 p-4 text-center text-soft">{textOf(list.error)}<Button onClick={() => void list.refetch()}>{t.retry}</Button></p>}
        {list.data && cards.length === 0 && <p className="p-4 text-center text-small text-soft">{d.board.empty}</p>}
        <ul aria-labelledby={title} style={{ height: rows.getTotalSize() }} className="relative">
          {shown.map((row) => {
            const card = cards[row.index]
            return card && (
              <li key={row.key} data-card={card.id} aria-setsize={cards.length} aria-posinset={row.index + 1} className={cx('absolute inset-x-0 top-0 h-[92px] overflow-hidden rounded-lg border bg-paper shadow-low', held === card.id ? 'border-brand opacity-60' : 'border-line')} style={{ transform: `translateY(${row.start}px)` }}>
                <ConversationCard conversation={card} me={me} chosen={card.id === chosen} showUnit={showUnit} dense />
              </li>
            )
          })}
        </ul>
      </div>
    </section>
  )
}
