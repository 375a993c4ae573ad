import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Conversation, Scheduled } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useTexts } from '@/lib/i18n/area'
import { threadTexts } from '@/lib/i18n/thread-texts'
import { scheduledKey } from './scheduled-line'
import { localValue, suggestedTimes } from './times'

type Props = { conversation: Conversation; text: string; onDone: () => void; onClose: () => void }

/** Lets what was written leave at another time. */
export function ScheduleDialog({ conversation: c, text, onDone, onClose }: Props) {
  const { t, format } = useI18n()
  const d = useTexts(threadTexts)
  const textOf = useErrorText()
  const client = useQueryClient()
  const [now] = useState(() => new Date())
  const [at, setAt] = useState(() => localValue(suggestedTimes(now)[1]?.at ?? now))
  const [key] = useState(() => crypto.randomUUID())
  const when = new Date(at)
  const isPast = !(when.getTime() > now.getTime())
  const closes = c.windowClosesAt === null ? 0 : Date.parse(c.windowClosesAt)
  const plan = useMutation({
    mutationFn: () => call<Scheduled>(`/api/conversations/${c.id}/scheduled`, { method: 'POST', body: { type: 'text', text: { body: text }, sendAt: when.toISOString(), clientId: key } }),
    onSuccess: (made) => {
      client.setQueryData<Scheduled[]>(scheduledKey(c.id), (all) => [...(all ?? []).filter((one) => one.id !== made.id), made])
      toast(d.schedule.done(format.full(made.sendAt)))
      onDone()
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={d.schedule.title}>
      <form onSubmit={(e) => { e.preventDefault(); if (!isPast) plan.mutate() }}>
        <p className="line-clamp-3 rounded-lg bg-ground p-3 whitespace-pre-wrap">{text}</p>
        <div className="mt-4 flex flex-wrap gap-2">
          {suggestedTimes(now).map((one) => <Button key={one.name} onClick={() => setAt(localValue(one.at))}>{d.schedule[one.name]}</Button>)}
        </div>
        <div className="mt-4"><Field type="datetime-local" label={d.schedule.when} value={at} min={localValue(now)} onChange={(e) => setAt(e.target.value)} error={isPast ? d.schedule.past : undefined} /></div>
        {!isPast && when.getTime() > closes && <p role="status" className="mt-3 rounded-lg bg-warn-soft p-3 text-small text-warn">{d.schedule.needsGuest}</p>}
        {plan.isError && <p role="alert" className="mt-3 text-danger">{textOf(plan.error)}</p>}
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={isPast} busy={plan.isPending}>{d.schedule.submit}</Button>
        </div>
      </form>
    </Dialog>
  )
}
