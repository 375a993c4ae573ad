import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { MessageSquareText, SearchX } from 'lucide-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import type { MessageHit } from '@/api/types'
import { Notice } from '@/components/notice'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { useNow } from '@/lib/use-now'
import { parts } from './marked'
import { conversationOf } from './open-guest'
import { guestsQuery, messagesQuery } from './queries'

type Props = { text: string; total: number; conversations: ReactNode; hasMore: boolean; isSearching: boolean; onMore: () => void }

/** Everything that fits what somebody looks for: conversations, guests, and what was said. */
export function SearchResults({ text, total, conversations, hasMore, isSearching, onMore }: Props) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const guests = useQuery(guestsQuery(text))
  const messages = useInfiniteQuery(messagesQuery(text))
  const hits = messages.data?.pages.flatMap((p) => p.data) ?? []
  const isOver = !isSearching && !guests.isPending && !messages.isPending
  if (isOver && total === 0 && guests.data?.data.length === 0 && hits.length === 0) return <Notice icon={<SearchX />} title={t.list.emptySearch} hint={t.list.emptySearchHint} />
  return (
    <div role="presentation" className="min-h-0 flex-1 overflow-y-auto pb-4" onKeyDown={moveFocus}>
      {isSearching && <Lines />}
      {total > 0 && (
        <Group title={d.search.conversations}>
          {conversations}
          {hasMore && <More label={d.search.more} onClick={onMore} />}
        </Group>
      )}
      {(guests.data?.data.length ?? 0) > 0 && (
        <Group title={d.search.guests}>{guests.data?.data.map((g) => <GuestHit key={g.id} id={g.id} name={g.name} phone={g.phoneNumber} picture={g.profilePictureUrl} />)}</Group>
      )}
      {messages.isPending && <Lines />}
      {hits.length > 0 && (
        <Group title={d.search.messages}>
          {hits.map((hit) => <SaidHit key={hit.id} hit={hit} />)}
          {messages.hasNextPage && <More label={d.search.more} onClick={() => void messages.fetchNextPage()} busy={messages.isFetchingNextPage} />}
        </Group>
      )}
    </div>
  )
}

/** Up and down go from one thing found to the next, over the borders of groups. */
function moveFocus(e: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
  if (step === undefined) return
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>('li a, li button')]
  const next = all[all.indexOf(e.target as HTMLElement) + step]
  if (!next) return
  e.preventDefault()
  next.focus()
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className="sticky top-0 z-10 bg-paper px-3 pt-3 pb-1 text-small font-semibold text-soft">{title}</h2>
      <ul aria-label={title}>{children}</ul>
    </section>
  )
}

const row = 'flex w-full items-center gap-3 border-b border-line px-3 py-2.5 text-left -outline-offset-2 hover:bg-hover'

function GuestHit({ id, name, phone, picture }: { id: string; name: string; phone: string; picture: string | null }) {
  const navigate = useNavigate()
  const textOf = useErrorText()
  const [busy, setBusy] = useState(false)
  const open = async () => {
    setBusy(true)
    try {
      await navigate({ to: '/conversas/$conversation', params: { conversation: await conversationOf({ id, phoneNumber: phone }) }, search: (before) => before })
    } catch (e) {
      toast(textOf(e), 'failed')
    }
    setBusy(false)
  }
  return (
    <li>
      <button type="button" aria-busy={busy || undefined} onClick={() => void open()} className={row}>
        <Avatar name={name} picture={picture} size={36} />
        <span className="min-w-0 flex-1"><span className="block truncate font-medium">{/^\d+$/.test(name) ? phoneText(name) : name}</span><span className="tabular block truncate text-small text-soft">{phoneText(phone)}</span></span>
      </button>
    </li>
  )
}

function SaidHit({ hit }: { hit: MessageHit }) {
  const { t, format } = useI18n()
  const now = useNow()
  const guest = hit.conversation.contact.name
  const who = hit.sender === 'BOT' ? t.thread.bot : hit.sender === 'PERSON' ? t.thread.team : undefined
  return (
    <li>
      <Link to="/conversas/$conversation" params={{ conversation: hit.conversationId }} search={(before) => ({ ...before, message: hit.id })} className={row}>
        <MessageSquareText aria-hidden="true" className="size-5 shrink-0 self-start text-faint" />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2"><span className="min-w-0 flex-1 truncate font-medium">{/^\d+$/.test(guest) ? phoneText(guest) : guest}</span><time dateTime={hit.timestamp} className="tabular shrink-0 text-small text-faint">{format.when(hit.timestamp, now)}</time></span>
          <span className="line-clamp-3 break-words text-soft">
            {who && <span className="text-ink">{who}: </span>}
            {parts(hit.snippet, hit.highlights).map((p, i) => (p.isFound ? <mark key={i} className="rounded-sm bg-warn-soft font-medium text-ink">{p.text}</mark> : <span key={i}>{p.text}</span>))}
          </span>
        </span>
      </Link>
    </li>
  )
}

const More = ({ label, busy, onClick }: { label: string; busy?: boolean; onClick: () => void }) => (
  <li className="px-3 py-2"><Button look="quiet" busy={busy === true} onClick={onClick} className="w-full">{label}</Button></li>
)

const Lines = () => <div className="flex flex-col gap-3 p-3"><Skeleton className="h-4 w-1/3" /><Skeleton className="h-10 w-full" /><Skeleton className="h-10 w-full" /></div>
