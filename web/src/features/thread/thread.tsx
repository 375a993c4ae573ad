import { ArrowDown, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Conversation, Message } from '@/api/types'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useOutgoing } from '@/outgoing/outgoing'
import { Page } from './page'
import { useShared } from './shared'
import { useScrolling } from './use-scrolling'
import { useThread } from './use-thread'

const Lightbox = lazy(() => import('./lightbox').then((m) => ({ default: m.Lightbox })))

type Props = { conversation: Conversation; me: string; message: string | undefined; onMessage: (id: string | undefined) => void }

/** The messages of a conversation. `message` is one that was asked for: it is brought on screen, however old. */
export function Thread({ conversation: c, me, message, onMessage }: Props) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const { pages, reacted, isFar, shown, newest } = useThread(c.id, me, c.unreadCount, message)
  const [picture, setPicture] = useState<Message>()
  const onJump = useCallback((id: string) => onMessage(id), [onMessage])
  const shared = useShared(c, me, reacted, onJump, setPicture)
  const { scroller, setScroller, setTop, setBottom, isAway, toEnd } = useScrolling({
    older: shown.hasNextPage && !shown.isFetchingNextPage ? shown.fetchNextPage : undefined,
    newer: shown.hasPreviousPage && !shown.isFetchingPreviousPage ? shown.fetchPreviousPage : undefined,
  })
  const back = useCallback(() => {
    onMessage(undefined)
    toEnd(isFar ? 'instant' : 'smooth')
  }, [isFar, onMessage, toEnd])
  useEndOnSend(c.id, back)
  const waiting = useNewBelow(isAway || isFar, newest)
  if (shown.isPending) return <Waiting label={t.loading} />
  if (shown.isError && pages.length === 0) {
    return <div className="flex flex-1 bg-wall"><Notice icon={<TriangleAlert />} title={t.thread.failed} hint={textOf(shown.error)}><Button onClick={() => void shown.refetch()}>{t.retry}</Button></Notice></div>
  }
  return (
    <div className="relative min-h-0 flex-1 bg-wall">
      {/* Its keyboard: arrows go from message to message. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div ref={setScroller} className="flex h-full flex-col-reverse overflow-y-auto" tabIndex={0} role="log" aria-label={t.thread.messages} onKeyDown={moveFocus}>
        <div className="pb-3">
          <div ref={setTop} className="py-2 text-center text-small text-soft">
            {shown.isFetchingNextPage ? t.thread.older : shown.isFetchNextPageError ? t.thread.olderFailed : shown.hasNextPage ? '' : t.thread.beginning}
          </div>
          {pages.map((page) => <Page key={page.key} rows={page.rows} root={scroller} shared={shared} wanted={message} />)}
          <div ref={setBottom} className="h-px" />
        </div>
      </div>
      {(isAway || isFar) && (
        <button type="button" aria-label={waiting > 0 ? t.thread.newBelow(waiting) : t.thread.toNewest} title={t.thread.toNewest} onClick={back} className="absolute right-4 bottom-4 flex h-10 min-w-10 items-center justify-center gap-1.5 rounded-full border border-line bg-paper px-2.5 font-medium text-brand-strong shadow-lifted">
          {waiting > 0 && <span className="text-small">{t.thread.newBelow(waiting)}</span>}<ArrowDown className="size-5" />
        </button>
      )}
      {picture && <Suspense fallback={null}><Lightbox conversation={c.id} first={picture} onClose={() => setPicture(undefined)} /></Suspense>}
    </div>
  )
}

/** Goes to the end when this person sends something. */
function useEndOnSend(conversation: string, back: () => void) {
  const count = useOutgoing(conversation).length
  const before = useRef(count)
  useEffect(() => {
    if (count > before.current) back()
    before.current = count
  }, [count, back])
}

/** How many messages came in while somebody reads further up. */
function useNewBelow(isAway: boolean, newest: Message | undefined): number {
  const [seen, setSeen] = useState({ id: newest?.id, count: 0 })
  if (!isAway && (seen.count !== 0 || seen.id !== newest?.id)) setSeen({ id: newest?.id, count: 0 })
  if (isAway && newest && seen.id !== newest.id) setSeen({ id: newest.id, count: seen.count + (newest.direction === 'INBOUND' ? 1 : 0) })
  return seen.count
}

/** Up and down go from message to message. */
function moveFocus(e: KeyboardEvent<HTMLElement>) {
  if ((e.key !== 'ArrowDown' && e.key !== 'ArrowUp') || e.altKey || e.ctrlKey || e.metaKey) return
  const all = [...e.currentTarget.querySelectorAll('article')]
  const at = all.findIndex((one) => one === document.activeElement)
  const next = at < 0 ? all.findLast((one) => one.getBoundingClientRect().bottom < e.currentTarget.getBoundingClientRect().bottom + 8) : all[at + (e.key === 'ArrowDown' ? 1 : -1)]
  if (!next) return
  e.preventDefault()
  next.focus()
}

function Waiting({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-1 flex-col justify-end gap-3 bg-wall p-6">
      <Skeleton className="h-14 w-2/5" /><Skeleton className="h-10 w-1/3 self-end" /><Skeleton className="h-20 w-1/2 self-end" /><Skeleton className="h-12 w-1/3" />
    </div>
  )
}
