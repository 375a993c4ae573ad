import { useMutation, useQuery } from '@tanstack/react-query'
import { UserRound, UserRoundPlus } from 'lucide-react'
import { call } from '@/api/client'
import { meQuery } from '@/api/me'
import type { Contact, Message } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'

type Person = NonNullable<Message['metadata']['contacts']>[number]

/** People whose cards the guest shared. Managers keep one as a guest with a click. */
export function People({ message: m }: { message: Message }) {
  return <ul className="flex flex-col gap-2">{m.metadata.contacts?.map((person, i) => <Card key={i} person={person} />)}</ul>
}

function Card({ person }: { person: Person }) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const role = useQuery(meQuery).data?.role
  const phone = person.phones?.map((p) => (p.waId ?? p.phone).replace(/\D/g, '')).find((p) => p.length >= 8)
  const keep = useMutation({
    mutationFn: () => call<Contact>('/api/contacts', { method: 'POST', body: { phoneNumber: phone, name: person.name ?? person.company ?? phone } }),
    onSuccess: () => toast(t.bubble.contactKept),
    onError: (e) => toast(textOf(e), 'failed'),
  })
  const may = (role === 'TENANT_ADMIN' || role === 'SUPER_ADMIN') && phone !== undefined
  return (
    <li className="w-60 max-w-full">
      <div className="flex items-center gap-3">
        <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-ground text-soft"><UserRound className="size-4" /></span>
        <div className="min-w-0">
          <p className="truncate font-medium">{person.name ?? person.company}</p>
          {person.phones?.map((p) => <p key={p.phone} className="tabular text-small text-soft">{phoneText((p.waId ?? p.phone).replace(/\D/g, ''))}</p>)}
          {person.emails?.map((email) => <p key={email} className="truncate text-small text-soft">{email}</p>)}
        </div>
      </div>
      {may && (
        <button type="button" disabled={keep.isPending || keep.isSuccess} onClick={() => keep.mutate()} className="mt-1.5 flex w-full items-center justify-center gap-1.5 border-t border-line pt-1.5 font-medium text-brand-strong disabled:text-soft">
          <UserRoundPlus className="size-4" />{keep.isSuccess ? t.bubble.contactKept : t.bubble.keepContact}
        </button>
      )}
    </li>
  )
}
