import { useNavigate } from '@tanstack/react-router'
import type { EscalationItem } from '@/api/page-types'
import { useChange } from '@/components/page/use-change'
import { usePageError } from '@/components/page/use-page-error'
import { usePerson } from '@/components/person'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { teamTexts } from '@/lib/i18n/areas'

/** Take what nobody has, end what is done. Taking leads to the conversation, where the work is. */
export function EscalationActions({ escalation, onResolve }: { escalation: EscalationItem; onResolve: () => void }) {
  const { escalations: e } = useTexts(teamTexts)
  const me = usePerson()
  const textOf = usePageError()
  const navigate = useNavigate()
  const take = useChange(['escalations'], e.taken, () => void navigate({ to: '/conversas/$conversation', params: { conversation: escalation.conversationId } }))
  const assign = () => take.mutate({ method: 'POST', path: `/api/escalations/${escalation.id}/assign`, body: { userId: me.id } }, { onError: (error) => toast(textOf(error), 'failed') })
  const isOpen = escalation.status === 'PENDING' || escalation.status === 'IN_PROGRESS'
  if (!isOpen) return null
  return (
    <span className="flex justify-end gap-2">
      {escalation.status === 'PENDING' && me.role !== 'SUPER_ADMIN' && <Button look="primary" className="h-8" busy={take.isPending} onClick={assign}>{e.take}</Button>}
      <Button className="h-8" onClick={onResolve}>{e.resolve}</Button>
    </span>
  )
}
