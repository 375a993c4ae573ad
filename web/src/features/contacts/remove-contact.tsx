import type { ContactRow } from '@/api/page-types'
import { Confirm } from '@/components/page/confirm'
import { useChange } from '@/components/page/use-change'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts, pageTexts } from '@/lib/i18n/areas'

export function RemoveContact({ contact, onClose }: { contact: ContactRow; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const c = useTexts(contactTexts)
  const remove = useChange(['contacts'], p.removed, onClose)
  return (
    <Confirm
      danger title={c.removeTitle(contact.name)} lead={c.removeLead} action={p.remove} busy={remove.isPending} error={remove.error} onClose={onClose}
      onConfirm={() => remove.mutate({ method: 'DELETE', path: `/api/contacts/${contact.id}` })}
    />
  )
}
