import { useState } from 'react'
import type { EscalationItem } from '@/api/page-types'
import { Form, SwitchField, TextArea } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'

export function ResolveDialog({ escalation, onClose }: { escalation: EscalationItem; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { escalations: e } = useTexts(teamTexts)
  const [notes, setNotes] = useState('')
  const [handBack, setHandBack] = useState(false)
  const resolve = useChange(['escalations'], e.resolved, onClose)
  const submit = () => resolve.mutate({ method: 'POST', path: `/api/escalations/${escalation.id}/resolve`, body: { handBack, ...(notes.trim() !== '' && { notes: notes.trim() }) } })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={e.resolveTitle(escalation.conversation.contact.name)} lead={e.resolveLead}>
      <Form error={resolve.error} busy={resolve.isPending} submit={e.resolve} onSubmit={submit} onCancel={onClose}>
        <TextArea label={`${e.notes} (${p.optional})`} maxLength={2000} autoFocus value={notes} onChange={(x) => setNotes(x.target.value)} />
        <SwitchField label={e.handBack} checked={handBack} onChange={setHandBack} />
      </Form>
    </Dialog>
  )
}
