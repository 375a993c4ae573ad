import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { MessagesSquare, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect } from 'react'
import { ApiError, call } from '@/api/client'
import { deskKeys, type ListData } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { Splitter } from '@/components/ui/splitter'
import { useErrorText } from '@/components/use-error-text'
import { Composer } from '@/features/composer/composer'
import { cardQuery } from '@/features/conversations/queries'
import { Thread } from '@/features/thread/thread'
import { ThreadHeader } from '@/features/thread/thread-header'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { useKept } from '@/lib/use-kept'
import type { DeskSearch } from './desk-search'

const GuestPanel = lazy(() => import('@/features/guest/guest-panel').then((m) => ({ default: m.GuestPanel })))

const pane = { usual: 304, least: 256, most: 480 } // pixels

type Props = { id: string | undefined; me: string; onBack: (() => void) | undefined; guest: boolean; beside: boolean; onGuest: (open: boolean) => void; onGone: () => void }

/** The chosen conversation. Its card is taken from the list at once, so that nothing flickers while one looks around. */
export function Opened({ id, me, onBack, guest, beside, onGuest, onGone }: Props) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const client = useQueryClient()
  const card = useQuery({ ...cardQuery(id ?? ''), enabled: id !== undefined, initialData: () => inLists(client.getQueriesData({ queryKey: deskKeys.lists }), id), initialDataUpdatedAt: 0 })
  const { message }: DeskSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const onMessage = useCallback((wanted: string | undefined) => void navigate({ to: '.', search: ({ message: _, ...rest }: DeskSearch) => ({ ...rest, ...(wanted !== undefined && { message: wanted }) }), replace: true }), [navigate])
  const [width, setWidth] = useKept('pane.guest', pane.usual, pane.least, pane.most)
  useMarkRead(card.data)
  if (id === undefined) return <div className="flex flex-1 bg-ground"><Notice icon={<MessagesSquare className="size-8" />} title={t.thread.none} hint={t.thread.noneHint} /></div>
  const c = card.data
  if (card.isError && !c) {
    const isGone = card.error instanceof ApiError && card.error.status === 404
    return (
      <div className="flex flex-1 bg-ground">
        <Notice icon={<TriangleAlert />} title={isGone ? t.thread.gone : t.thread.failed} hint={isGone ? undefined : textOf(card.error)}>
          {onBack && <Button onClick={onBack}>{t.back}</Button>}
          {!isGone && <Button onClick={() => void card.refetch()}>{t.retry}</Button>}
        </Notice>
      </div>
    )
  }
  if (!c) return <div className="flex-1 bg-wall" />
  return (
    <>
      <section aria-label={c.contact.name} className={cx('min-w-0 flex-1 flex-col', guest && !beside ? 'hidden' : 'flex')}>
        <ThreadHeader conversation={c} me={me} onBack={onBack} onDetails={() => onGuest(!guest)} />
        <Thread conversation={c} me={me} message={message} onMessage={onMessage} />
        <Composer conversation={c} me={me} />
      </section>
      {guest && beside && <Splitter label={t.panes.guest} side="right" width={width} least={pane.least} most={pane.most} onChange={setWidth} onReset={() => setWidth(pane.usual)} />}
      {guest && <div style={beside ? { width } : undefined} className={cx('border-l border-line', beside ? 'shrink-0' : 'min-w-0 flex-1')}><Suspense fallback={null}><GuestPanel conversation={c} me={me} onClose={() => onGuest(false)} onErased={onGone} /></Suspense></div>}
    </>
  )
}

function inLists(lists: [unknown, unknown][], id: string | undefined): Conversation | undefined {
  return lists.flatMap(([, data]) => (data as ListData | undefined)?.pages.flatMap((p) => p.data) ?? []).find((c) => c.id === id)
}

/** What is open on a screen that somebody looks at is read. */
function useMarkRead(c: Conversation | undefined) {
  const id = c?.id
  const unread = (c?.unreadCount ?? 0) > 0
  const newest = c?.lastMessageAt
  useEffect(() => {
    if (id === undefined || !unread) return
    const read = () => {
      if (document.visibilityState === 'visible') void call(`/api/conversations/${id}/read`, { method: 'POST' }).catch(() => undefined)
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [id, unread, newest])
}
