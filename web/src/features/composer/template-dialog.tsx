import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Message, Template } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'

/** Approved templates that need no filling in, to begin a conversation again. */
export function TemplateDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<Template>()
  const [key] = useState(() => crypto.randomUUID())
  const templates = useQuery({
    queryKey: ['templates'], staleTime: 60_000,
    queryFn: ({ signal }) => call<{ data: Template[] }>('/api/whatsapp/templates?limit=100', { signal }),
    select: (list) => list.data.filter((one) => one.canBeSent && one.parameters.every((p) => !p.required)),
  })
  const send = useMutation({
    mutationFn: (one: Template) => call<Message>(`/api/conversations/${conversation}/messages/template`, {
      method: 'POST', body: { templateName: one.name, languageCode: one.language }, idempotencyKey: key,
    }),
    onSuccess: (message) => {
      happened(client, { name: 'message:new', body: { message } }, '')
      onClose()
    },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.window.templates}>
      {templates.isPending && <Skeleton className="h-24 w-full" />}
      {templates.isError && <p role="alert" className="text-danger">{textOf(templates.error)}</p>}
      {templates.data?.length === 0 && <p className="text-soft">{t.window.noTemplates}</p>}
      <div role="radiogroup" aria-label={t.window.templates} className="flex max-h-[50dvh] flex-col gap-2 overflow-y-auto">
        {templates.data?.map((one) => (
          <button key={one.id} type="button" role="radio" aria-checked={chosen?.id === one.id} onClick={() => setChosen(one)} className={cx('rounded-lg border p-3 text-left', chosen?.id === one.id ? 'border-brand bg-brand-soft' : 'border-line hover:bg-hover')}>
            <span className="line-clamp-4 whitespace-pre-wrap">{one.components?.body ?? one.name}</span>
          </button>
        ))}
      </div>
      {send.isError && <p role="alert" className="mt-3 text-danger">{textOf(send.error)}</p>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="primary" disabled={!chosen} busy={send.isPending} onClick={() => chosen && send.mutate(chosen)}>{t.window.send}</Button>
      </div>
    </Dialog>
  )
}
