import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Conversation, Template } from '@/api/types'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useTexts } from '@/lib/i18n/area'
import { threadTexts } from '@/lib/i18n/thread-texts'
import { plain } from './quick'
import { canBeFilled } from './template-fill'
import { TemplateForm } from './template-form'

/** Approved templates: chosen, filled in, seen as the guest will see it, sent. */
export function TemplatePicker({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useI18n()
  const d = useTexts(threadTexts)
  const textOf = useErrorText()
  const [chosen, setChosen] = useState<Template>()
  const [search, setSearch] = useState('')
  const templates = useQuery({
    queryKey: ['templates'], staleTime: 60_000,
    queryFn: ({ signal }) => call<{ data: Template[] }>('/api/whatsapp/templates?limit=100', { signal }),
    select: (list) => list.data.filter((one) => one.canBeSent),
  })
  const found = templates.data?.filter((one) => plain(`${one.name} ${one.components?.body ?? ''}`).includes(plain(search)))
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={chosen ? readable(chosen.name) : d.template.title}>
      {chosen ? <TemplateForm conversation={c} template={chosen} onBack={() => setChosen(undefined)} onSent={onClose} /> : (
        <>
          {templates.isPending && <Skeleton className="h-24 w-full" />}
          {templates.isError && <p role="alert" className="text-danger">{textOf(templates.error)}</p>}
          {templates.data && templates.data.length > 5 && <Field type="search" label={d.template.search} value={search} onChange={(e) => setSearch(e.target.value)} />}
          {found?.length === 0 && <p className="py-4 text-soft">{templates.data?.length === 0 ? d.template.none : d.template.noneFound}</p>}
          <ul aria-label={t.window.templates} className="mt-3 flex max-h-[55dvh] flex-col gap-2 overflow-y-auto p-0.5">
            {found?.map((one) => (
              <li key={one.id}>
                <button type="button" disabled={!canBeFilled(one)} onClick={() => setChosen(one)} className="w-full rounded-lg border border-line p-3 text-left hover:bg-hover disabled:opacity-60">
                  <span className="flex items-baseline justify-between gap-2"><span className="truncate font-medium">{readable(one.name)}</span><span className="shrink-0 text-tiny text-soft">{one.language.replace('_', '-')}</span></span>
                  <span className="mt-0.5 line-clamp-3 text-small whitespace-pre-wrap text-soft">{one.components?.body ?? ''}</span>
                  {!canBeFilled(one) && <span className="mt-1 block text-tiny text-warn">{d.template.cannotFill}</span>}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}

/** A template's name as people read it: volta_reserva is "Volta reserva". */
const readable = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')
