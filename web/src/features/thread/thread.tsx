import { useInfiniteQuery } from '@tanstack/react-query'
import { ArrowDown, NotebookPen, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { ApiError } from '@/api/client'
import type { Conversation, Message } from '@/api/types'
import { Notice } from '@/components/notice'
import { Button, IconButton } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { daysBetween } from '@/lib/format'
import { useI18n } from '@/lib/i18n/i18n'
import { discard, sendAgain, useOutgoing } from '@/outgoing/outgoing'
import { useResend } from './actions'
import { FormattedText } from './formatted-text'
import { MessageRow } from './message-row'
import { threadQuery } from './queries'
import { rowsOf, type Row } from './rows'
import { withOutgoing } from './shown'

/** The messages of a conversation. The scroller runs from the bottom up, so that the browser itself keeps the place:
 * at the end while somebody is there, and on the same message while earlier ones are put above it. */
export function Thread({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const thread = useInfiniteQuery(threadQuery(c.id))
  const outgoing = useOutgoing(c.id)
  const rows = useMemo(() => {
    const fetched = thread.data?.pages.toReversed().flatMap((p) => p.data) ?? []
    return rowsOf(withOutgoing(fetched, outgoing, me), me)
  }, [thread.data, outgoing, me])
  const { scroller, top, isAway, toEnd } = useScrolling(thread.hasNextPage && !thread.isFetchingNextPage, thread.fetchNextPage)

  if (thread.isPending) return <Waiting label={t.loading} />
  if (thread.isError && rows.length === 0) {
    return <Notice icon={<TriangleAlert />} title={t.thread.failed} hint={textOf(thread.error)}><Button onClick={() => void thread.refetch()}>{t.retry}</Button></Notice>
  }
  return (
    <div className="relative min-h-0 flex-1 bg-wall">
      <div ref={scroller} className="flex h-full flex-col-reverse overflow-y-auto" tabIndex={0} role="log" aria-label={t.thread.messages}>
        <div className="pb-3">
          <div ref={top} className="py-2 text-center text-small text-soft">
            {thread.isFetchingNextPage ? t.thread.older : thread.isFetchNextPageError ? t.thread.olderFailed : thread.hasNextPage ? '' : t.thread.beginning}
          </div>
          <ol><Rows rows={rows} conversation={c} me={me} /></ol>
        </div>
      </div>
      {isAway && (
        <IconButton label={t.thread.toNewest} onClick={toEnd} className="absolute right-4 bottom-4 border border-line bg-paper shadow-lifted">
          <ArrowDown className="size-5" />
        </IconButton>
      )}
    </div>
  )
}

function useScrolling(canFetch: boolean, fetchOlder: () => unknown) {
  const scroller = useRef<HTMLDivElement>(null)
  const top = useRef<HTMLDivElement>(null)
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    const box = scroller.current
    if (!box) return
    const look = () => setAway(box.scrollTop < -240)
    box.addEventListener('scroll', look, { passive: true })
    return () => box.removeEventListener('scroll', look)
  })
  useEffect(() => {
    const mark = top.current
    if (!mark || !canFetch) return
    const watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && void fetchOlder(), { root: scroller.current, rootMargin: '600px 0px' })
    watch.observe(mark)
    return () => watch.disconnect()
  }, [canFetch, fetchOlder])
  return { scroller, top, isAway, toEnd: () => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' }) }
}

function Rows({ rows, conversation: c, me }: { rows: Row[]; conversation: Conversation; me: string }) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const outgoing = useOutgoing(c.id)
  const { mutate: resend } = useResend(me)
  const mine = useCallback((m: Message) => outgoing.find((o) => o.clientId === m.id), [outgoing])
  const onResend = useCallback((m: Message) => {
    const own = mine(m)
    if (!own) return resend(m.id)
    sendAgain(own)
  }, [mine, resend])
  const onDiscard = useCallback((m: Message) => {
    const own = mine(m)
    if (own) discard(own)
  }, [mine])
  return rows.map((row) => {
    if (row.kind === 'day') return <DayRow key={row.key} at={row.at} />
    if (row.kind === 'notice') return <NoticeRow key={row.key} message={row.message} me={me} />
    const own = mine(row.message)
    return (
      <MessageRow
        key={row.key}
        row={row}
        name={nameOf(row, c, t.thread)}
        onResend={onResend}
        onDiscard={own ? onDiscard : undefined}
        error={own?.failed === undefined ? undefined : `${t.thread.notSent} ${textOf(new ApiError(own.failed.code, own.failed.status))}`}
      />
    )
  })
}

function nameOf(row: Extract<Row, { kind: 'message' }>, c: Conversation, words: { bot: string; you: string; team: string; phone: string }): string {
  switch (row.who) {
    case 'guest':
      return c.contact.name
    case 'bot':
      return words.bot
    case 'me':
      return words.you
    case 'phone':
      return words.phone
    case 'colleague':
      return row.message.sentById === c.assignedTo?.id ? c.assignedTo?.name ?? words.team : words.team
  }
}

function DayRow({ at }: { at: string }) {
  const { t, format } = useI18n()
  const days = daysBetween(new Date(at), new Date())
  const text = days === 0 ? t.thread.today : days === 1 ? t.thread.yesterday : format.longDay(new Date(at))
  return (
    <li className="sticky top-1 z-10 flex justify-center py-2">
      <span className="rounded-full bg-paper px-3 py-1 text-small font-medium text-soft shadow-low">{text}</span>
    </li>
  )
}

function NoticeRow({ message: m, me }: { message: Message; me: string }) {
  const { t, format } = useI18n()
  if (m.metadata.notice?.type === 'note') {
    return (
      <li className="flex justify-center px-4 py-1.5">
        <article aria-label={t.composer.note} className="w-full max-w-[36rem] rounded-lg border border-dashed border-warn bg-warn-soft px-3 py-1.5">
          <p className="flex items-center gap-1.5 text-tiny font-semibold text-warn"><NotebookPen className="size-3" />{t.composer.note} · {m.sentById === me ? t.thread.you : t.thread.team}<span className="tabular ml-auto font-normal">{format.time(m.timestamp)}</span></p>
          <p className="break-words whitespace-pre-wrap"><FormattedText text={m.content} /></p>
        </article>
      </li>
    )
  }
  return (
    <li className="flex justify-center px-4 py-1.5">
      <span className="rounded-lg bg-warn-soft px-3 py-1 text-center text-small text-warn">{t.bubble.notice[m.metadata.notice?.type ?? ''] ?? m.content}</span>
    </li>
  )
}

function Waiting({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-1 flex-col justify-end gap-3 bg-wall p-6">
      <Skeleton className="h-14 w-2/5" /><Skeleton className="h-10 w-1/3 self-end" /><Skeleton className="h-20 w-1/2 self-end" /><Skeleton className="h-12 w-1/3" />
    </div>
  )
}
