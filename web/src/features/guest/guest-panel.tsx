import { Copy, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Conversation, Tag } from '@/api/types'
import { BallBadge, PriorityBadge, WindowBadge } from '@/components/standing'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/badge'
import { IconButton } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'

type Props = { conversation: Conversation; me: string; onClose: () => void }

/** Who the guest is, beside what they write. */
export function GuestPanel({ conversation: c, me, onClose }: Props) {
  const { t, format } = useI18n()
  const guest = c.contact
  const copy = () => void navigator.clipboard?.writeText(`+${guest.phoneNumber}`).then(() => toast(t.guest.copied))
  return (
    <section aria-label={t.guest.title} className="flex h-full flex-col overflow-y-auto bg-paper">
      <header className="flex min-h-16 items-center gap-2 border-b border-line px-4">
        <h2 className="flex-1 font-semibold">{t.guest.title}</h2>
        <IconButton label={t.guest.close} onClick={onClose}><X className="size-5" /></IconButton>
      </header>
      <div className="flex flex-col items-center gap-1 border-b border-line px-4 py-6 text-center">
        <Avatar name={guest.name} picture={guest.profilePictureUrl} size={76} />
        <p className="mt-2 text-title font-semibold break-words">{/^\d+$/.test(guest.name) ? phoneText(guest.name) : guest.name}</p>
        {guest.phoneNumber !== '' && (
          <p className="tabular flex items-center text-soft">
            {phoneText(guest.phoneNumber)}
            <IconButton label={t.guest.copy} onClick={copy} className="-my-2"><Copy className="size-4" /></IconButton>
          </p>
        )}
        <div className="mt-1 flex flex-wrap justify-center gap-1.5"><BallBadge conversation={c} me={me} /><PriorityBadge priority={c.priority} />{c.status !== 'CLOSED' && <WindowBadge conversation={c} />}</div>
      </div>
      <dl className="flex flex-col gap-4 px-4 py-5">
        <Fact name={t.guest.unit}>{c.hotelUnit ?? <span className="text-soft">{t.guest.noUnit}</span>}</Fact>
        <Fact name={t.guest.tags}><Tags tags={c.tags ?? []} none={t.guest.noTags} /></Fact>
        <Fact name={t.guest.status}>{t.status[c.status]}{c.isOpportunity && ` · ${t.guest.opportunity}`}</Fact>
        <Fact name={t.guest.priority}>{t.priority[c.priority]}</Fact>
        {guest.email && <Fact name={t.guest.email}>{guest.email}</Fact>}
        {guest.companyName && <Fact name={t.guest.company}>{guest.companyName}</Fact>}
        <Fact name={t.guest.since}><span className="tabular">{format.full(c.createdAt)}</span></Fact>
        {c.lastInboundAt && <Fact name={t.guest.lastWrote}><span className="tabular">{format.full(c.lastInboundAt)}</span></Fact>}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-small text-soft">{name}</dt>
      <dd className="mt-0.5 break-words">{children}</dd>
    </div>
  )
}

function Tags({ tags, none }: { tags: Tag[]; none: string }) {
  if (tags.length === 0) return <span className="text-soft">{none}</span>
  return (
    <span className="flex flex-wrap gap-1.5">
      {tags.map((tag) => <Badge key={tag.id}><span aria-hidden="true" className="size-2 rounded-full" style={{ backgroundColor: tag.color }} />{tag.name}</Badge>)}
    </span>
  )
}
