import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Contact, ContactRow } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { refetchDesk } from '@/realtime/cache'

const plain = (text: string) => text.normalize('NFD').replace(/\p{Mn}/gu, '').trim().toLowerCase()

/** Whether two records look like one person: the same e-mail, or the same name of more than one word. */
export const isTwin = (a: Pick<Contact, 'id' | 'name' | 'email'>, b: Pick<Contact, 'id' | 'name' | 'email'>) => a.id !== b.id
  && ((Boolean(a.email) && plain(a.email ?? '') === plain(b.email ?? '')) || (/\p{L}\s+\p{L}/u.test(a.name) && plain(a.name) === plain(b.name)))

/** Others who may be this guest under another number, to be merged. For those who lead. */
export function Twins({ guest }: { guest: Contact }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const client = useQueryClient()
  const textOf = useErrorText()
  const [other, setOther] = useState<ContactRow>()
  const wanted = guest.email || guest.name
  const found = useQuery({
    queryKey: ['guest', guest.id, 'twins', wanted], staleTime: 5 * 60_000, enabled: /\p{L}/u.test(wanted),
    queryFn: ({ signal }) => call<{ data: ContactRow[] }>(`/api/contacts?${new URLSearchParams({ search: wanted, limit: '20' })}`, { signal }),
  })
  const merge = useMutation({
    mutationFn: (id: string) => call(`/api/contacts/${guest.id}/merge`, { method: 'POST', body: { otherId: id } }),
    onSuccess: () => {
      toast(d.twins.merged)
      setOther(undefined)
      void client.invalidateQueries({ queryKey: ['guest', guest.id] })
      void refetchDesk(client)
    },
    onError: (e) => toast(textOf(e), 'failed'),
  })
  const twins = found.data?.data.filter((one) => isTwin(guest, one)) ?? []
  if (twins.length === 0) return null
  return (
    <div className="m-3 flex flex-col gap-2 rounded-lg bg-warn-soft p-3 text-small">
      {twins.slice(0, 3).map((one) => (
        <div key={one.id} className="flex items-center gap-2">
          <UsersRound className="size-4 shrink-0 text-warn" />
          <p className="min-w-0 flex-1">{d.twins.maybe(one.phoneNumber === '' ? one.name : phoneText(one.phoneNumber))}</p>
          <Button className="h-8" onClick={() => setOther(one)}>{d.twins.look}</Button>
        </div>
      ))}
      <Dialog open={other !== undefined} onOpenChange={(open) => !open && setOther(undefined)} title={d.twins.title} lead={d.twins.lead}>
        <p className="mb-4 font-medium">{other?.name}{other?.phoneNumber && ` · ${phoneText(other.phoneNumber)}`}{other?.email && ` · ${other.email}`}</p>
        <div className="flex justify-end gap-2">
          <Button onClick={() => setOther(undefined)}>{t.cancel}</Button>
          <Button look="primary" busy={merge.isPending} onClick={() => other && merge.mutate(other.id)}>{d.twins.merge}</Button>
        </div>
      </Dialog>
    </div>
  )
}
