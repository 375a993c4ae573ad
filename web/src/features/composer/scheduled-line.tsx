import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CalendarClock, TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { call } from '@/api/client'
import type { Scheduled } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { withSocket } from '@/realtime/socket'

export const scheduledKey = (conversation: string) => ['scheduled', conversation] as const

/** What is to be said to this guest later, each with a way to call it off. */
export function ScheduledLine({ conversation }: { conversation: string }) {
  const { t, format } = useI18n()
  const textOf = useErrorText()
  const client = useQueryClient()
  const scheduled = useQuery({
    queryKey: scheduledKey(conversation), staleTime: 0,
    queryFn: async ({ signal }) => (await call<{ data: Scheduled[] }>(`/api/conversations/${conversation}/scheduled?status=SCHEDULED&limit=20`, { signal })).data,
  })
  useEffect(() => withSocket((socket) => {
    const heard = (e: { conversationId?: string }) => e.conversationId === conversation && void client.invalidateQueries({ queryKey: scheduledKey(conversation) })
    socket.on('message:scheduled', heard)
    return () => void socket.off('message:scheduled', heard)
  }), [client, conversation])
  const cancel = useMutation({
    mutationFn: (id: string) => call(`/api/scheduled-messages/${id}`, { method: 'DELETE' }),
    onSettled: () => void client.invalidateQueries({ queryKey: scheduledKey(conversation) }),
    onError: (e) => toast(textOf(e), 'failed'),
  })
  const shown = scheduled.data ?? []
  if (shown.length === 0) return null
  return (
    <ul aria-label={t.composer.scheduled} className="max-h-28 overflow-y-auto border-t border-line bg-paper px-3 py-1.5 text-small">
      {shown.map((s) => (
        <li key={s.id} className="flex items-center gap-2 py-0.5">
          {s.needsGuest ? <TriangleAlert className="size-4 shrink-0 text-warn" aria-label={t.composer.scheduledNeedsGuest} /> : <CalendarClock className="size-4 shrink-0 text-soft" />}
          <span className="tabular shrink-0 font-medium">{format.full(s.sendAt)}</span>
          <span className="min-w-0 flex-1 truncate text-soft">{s.preview || t.kind[s.type]}</span>
          <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate(s.id)} className="shrink-0 font-medium text-danger underline underline-offset-2">{t.composer.cancelScheduled}</button>
        </li>
      ))}
    </ul>
  )
}
