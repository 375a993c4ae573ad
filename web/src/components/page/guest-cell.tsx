import { Link } from '@tanstack/react-router'
import type { Contact } from '@/api/types'
import { Avatar } from '@/components/ui/avatar'
import { phoneText } from '@/lib/phone'

/** A guest in a table; the name leads to the conversation. */
export function GuestCell({ conversation, contact: c }: { conversation: string; contact: Pick<Contact, 'name' | 'phoneNumber' | 'profilePictureUrl'> }) {
  return (
    <span className="flex items-center gap-3">
      <Avatar name={c.name} picture={c.profilePictureUrl} size={34} />
      <span className="min-w-0">
        <Link to="/conversas/$conversation" params={{ conversation }} className="block truncate font-medium text-ink hover:underline">{/^\d+$/.test(c.name) ? phoneText(c.name) : c.name}</Link>
        {c.phoneNumber !== '' && <span className="tabular block text-small font-normal whitespace-nowrap text-soft">{phoneText(c.phoneNumber)}</span>}
      </span>
    </span>
  )
}
