import { useQuery } from '@tanstack/react-query'
import { Copy, X } from 'lucide-react'
import { meQuery } from '@/api/me'
import type { Conversation } from '@/api/types'
import { BallBadge, PriorityBadge, WindowBadge } from '@/components/standing'
import { Avatar } from '@/components/ui/avatar'
import { IconButton } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { ConversationFacts } from './conversation-facts'
import { Earlier } from './earlier'
import { Gallery } from './gallery'
import { Fields, Notes } from './notes'
import { Privacy } from './privacy'
import { Profile } from './profile'
import { ReservationRequest } from './reservation'
import { TagList } from './tag-list'
import { Twins } from './twins'

type Props = { conversation: Conversation; me: string; onClose: () => void; onErased: () => void }

const managers = ['SUPER_ADMIN', 'TENANT_ADMIN']

/** Who the guest is, beside what they write, and everything about them that can be changed. */
export function GuestPanel({ conversation: c, me, onClose, onErased }: Props) {
  const { t, format } = useI18n()
  const role = useQuery({ ...meQuery, enabled: false }).data?.role ?? ''
  const isManager = managers.includes(role)
  const guest = c.contact
  const copy = () => void navigator.clipboard?.writeText(`+${guest.phoneNumber}`).then(() => toast(t.guest.copied))
  return (
    <section aria-label={t.guest.title} className="flex h-full flex-col overflow-y-auto bg-paper">
      <header className="sticky top-0 z-10 flex min-h-16 shrink-0 items-center gap-2 border-b border-line bg-paper px-4">
        <h2 className="flex-1 font-semibold">{t.guest.title}</h2>
        <IconButton label={t.guest.close} onClick={onClose}><X className="size-5" /></IconButton>
      </header>
      <div className="flex flex-col items-center gap-1 border-b border-line px-4 py-5 text-center">
        <Avatar name={guest.name} picture={guest.profilePictureUrl} size={76} />
        <p className="mt-2 text-title font-semibold break-words">{/^\d+$/.test(guest.name) ? phoneText(guest.name) : guest.name}</p>
        {guest.phoneNumber !== '' && (
          <p className="tabular flex items-center text-soft">
            {phoneText(guest.phoneNumber)}
            <IconButton label={t.guest.copy} onClick={copy} className="-my-2"><Copy className="size-4" /></IconButton>
          </p>
        )}
        <div className="mt-1 flex flex-wrap justify-center gap-1.5"><BallBadge conversation={c} me={me} /><PriorityBadge priority={c.priority} />{c.status !== 'CLOSED' && <WindowBadge conversation={c} />}</div>
        <p className="tabular mt-2 text-small text-soft">{t.guest.since} {format.full(c.createdAt)}{c.lastInboundAt && <><br />{t.guest.lastWrote} {format.full(c.lastInboundAt)}</>}</p>
      </div>
      {[...managers, 'HEAD'].includes(role) && <Twins guest={guest} />}
      <ConversationFacts conversation={c} me={me} />
      <ReservationRequest key={`reservation-${c.id}`} conversation={c} me={me} />
      <TagList conversation={c} me={me} />
      <Notes key={guest.id} guest={guest} me={me} />
      <Profile guest={guest} me={me} isManager={isManager} />
      <Fields guest={guest} me={me} />
      <Gallery conversation={c.id} />
      <Earlier conversation={c} />
      {isManager && <Privacy guest={guest} onErased={onErased} />}
    </section>
  )
}
