import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import { memo, type KeyboardEvent, type MouseEvent } from 'react'
import type { Conversation } from '@/api/types'
import { BallBadge, PriorityBadge, WaitingBadge, WindowBadge } from '@/components/standing'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/badge'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { useNow } from '@/lib/use-now'
import { PreviewLine } from './preview'

type Props = { conversation: Conversation; me: string; chosen: boolean; showUnit: boolean; dense?: boolean; picking?: Picking | undefined }

/** While several are chosen, a card is a box to be ticked and opens nothing. */
export type Picking = { isPicked: boolean; onPick: (id: string, isRange: boolean) => void }

export const nameOf = (c: Conversation) => (/^\d+$/.test(c.contact.name) ? phoneText(c.contact.name) : c.contact.name)

/** A conversation in the list: everything that decides whom to answer next. */
export const ConversationCard = memo(function ConversationCard({ conversation: c, me, chosen, showUnit, dense, picking }: Props) {
  const { t, format } = useI18n()
  const now = useNow()
  return (
    <Link
      to="/conversas/$conversation"
      params={{ conversation: c.id }}
      search={(before) => before}
      aria-current={chosen ? 'true' : undefined}
      draggable={false}
      {...(picking && {
        role: 'checkbox', 'aria-checked': picking.isPicked, 'aria-current': undefined,
        onClick: (e: MouseEvent) => { e.preventDefault(); picking.onPick(c.id, e.shiftKey) },
        onKeyDown: (e: KeyboardEvent) => { if (e.key === ' ') { e.preventDefault(); picking.onPick(c.id, e.shiftKey) } },
      })}
      className={cx('flex h-[92px] py-2.5 -outline-offset-2', dense ? 'gap-2 px-2' : 'gap-3 border-b border-line px-3', (picking ? picking.isPicked : chosen) ? 'bg-chosen' : 'hover:bg-hover')}
    >
      {picking ? <Tick size={44} isPicked={picking.isPicked} /> : <Avatar name={nameOf(c)} picture={c.contact.profilePictureUrl} size={dense ? 30 : 44} />}
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className={cx('min-w-0 flex-1 truncate', c.unreadCount > 0 ? 'font-semibold' : 'font-medium')}>{nameOf(c)}</span>
          <time dateTime={c.lastMessageAt} className={cx('tabular shrink-0 text-small', c.unreadCount > 0 ? 'font-medium text-brand' : 'text-faint')}>
            {format.when(c.lastMessageAt, now)}
          </time>
        </div>
        <div className="flex items-center gap-2">
          <span className="min-w-0 flex-1 truncate text-soft"><PreviewLine message={c.lastMessage} me={me} /></span>
          {c.unreadCount > 0 && (
            <span aria-label={t.list.unread(c.unreadCount)} className="tabular inline-flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-brand px-1.5 text-tiny font-semibold text-on-brand">
              {c.unreadCount > 99 ? '99+' : c.unreadCount}
            </span>
          )}
        </div>
        <div className="mt-1 flex h-5 min-w-0 items-center gap-1 overflow-hidden [&>:not(:first-child,:last-child)]:shrink-0">
          <BallBadge conversation={c} me={me} dense={dense} />
          <WaitingBadge conversation={c} dense />
          <PriorityBadge priority={c.priority} />
          {c.status !== 'CLOSED' && <WindowBadge conversation={c} />}
          {showUnit && c.hotelUnit && <Badge className="shrink"><span className="truncate">{c.hotelUnit}</span></Badge>}
        </div>
      </div>
    </Link>
  )
})

function Tick({ size, isPicked }: { size: number; isPicked: boolean }) {
  return (
    <span aria-hidden="true" style={{ width: size, height: size }} className={cx('inline-flex shrink-0 items-center justify-center rounded-full border-2', isPicked ? 'border-brand bg-brand text-on-brand' : 'border-line-strong text-transparent')}>
      <Check className="size-5" />
    </span>
  )
}
