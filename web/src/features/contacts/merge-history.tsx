import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { Merge } from '@/api/page-types'
import { Confirm } from '@/components/page/confirm'
import { useChange } from '@/components/page/use-change'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** The latest merges; those of the last 30 days can be undone. */
export function MergeHistory() {
  const { duplicates: c } = useTexts(contactTexts)
  const { format } = useI18n()
  const [undone, setUndone] = useState<Merge>()
  const list = useQuery(pageQuery<{ data: Merge[] }>(['contacts', 'merges'], '/api/contacts/merges?limit=20'))
  const merges = list.data?.data ?? []
  return (
    <section className="border-t border-line pt-4">
      <h3 className="mb-2 font-semibold">{c.history}</h3>
      {list.isSuccess && merges.length === 0 && <p className="text-soft">{c.noHistory}</p>}
      <ul className="flex flex-col gap-1">
        {merges.map((m) => (
          <li key={m.id} className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 flex-1"><span className="font-medium">{m.absorbed.name ?? c.nameless}</span> {c.into} <span className="font-medium">{m.survivor.name ?? c.nameless}</span> <span className="text-soft">· {m.mergedBy} · <span className="tabular">{format.full(m.mergedAt)}</span></span></span>
            {m.undoneAt ? <Badge>{c.wasUndone}</Badge> : m.canUndo && <Button className="h-8" onClick={() => setUndone(m)}>{c.undo}</Button>}
          </li>
        ))}
      </ul>
      {undone && <Undo merge={undone} onClose={() => setUndone(undefined)} />}
    </section>
  )
}

function Undo({ merge, onClose }: { merge: Merge; onClose: () => void }) {
  const { duplicates: c } = useTexts(contactTexts)
  const undo = useChange(['contacts'], c.undone, onClose)
  return (
    <Confirm
      title={c.undoTitle} lead={c.undoLead} action={c.undo} busy={undo.isPending} error={undo.error} onClose={onClose}
      onConfirm={() => undo.mutate({ method: 'POST', path: `/api/contacts/merges/${merge.id}/undo` })}
    />
  )
}
