import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client'
import { withParams } from '@/api/page'
import type { ContactRow, Duplicate } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Refusal } from '@/components/page/form'
import { Failed } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { MergeHistory } from './merge-history'

type List = { data: Duplicate[]; nextCursor: string | null }

/** Guests who may be one person, and what was made of such before. */
export function DuplicatesDialog({ onClose }: { onClose: () => void }) {
  const { duplicates: c } = useTexts(contactTexts)
  const list = useInfiniteQuery({
    queryKey: ['page', 'contacts', 'duplicates'], staleTime: 0,
    queryFn: ({ pageParam, signal }) => call<List>(withParams('/api/contacts/duplicates', { limit: 20, cursor: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const pairs = list.data?.pages.flatMap((page) => page.data) ?? []
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={c.title} lead={c.lead}>
      <div className="flex flex-col gap-4">
        {list.isPending && <Skeleton className="h-32" />}
        {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && pairs.length === 0 && <Notice title={c.empty} />}
        <ul className="flex flex-col gap-3">{pairs.map((pair) => <li key={pair.contact.id + pair.other.id}><Pair pair={pair} /></li>)}</ul>
        {list.hasNextPage && <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{c.more}</Button>}
        <MergeHistory />
      </div>
    </Dialog>
  )
}

function Pair({ pair }: { pair: Duplicate }) {
  const { duplicates: c } = useTexts(contactTexts)
  const { t } = useI18n()
  const [keep, setKeep] = useState<ContactRow>()
  const gone = keep?.id === pair.contact.id ? pair.other : pair.contact
  const merge = useChange(['contacts'], c.merged)
  return (
    <div className="rounded-lg border border-line p-3">
      <p className="mb-2 flex gap-1.5">{pair.reasons.map((r) => <Badge key={r}>{c.reasons[r]}</Badge>)}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        {[pair.contact, pair.other].map((one) => <Side key={one.id} contact={one} chosen={keep?.id === one.id} onKeep={() => setKeep(one)} />)}
      </div>
      {keep && (
        <div className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
          <p><strong className="font-semibold">{c.mergeTitle(keep.name, gone.name)}</strong> <span className="text-soft">{c.mergeLead}</span></p>
          <Refusal error={merge.error} />
          <div className="flex justify-end gap-2">
            <Button look="quiet" onClick={() => setKeep(undefined)}>{t.cancel}</Button>
            <Button look="primary" busy={merge.isPending} onClick={() => merge.mutate({ method: 'POST', path: `/api/contacts/${keep.id}/merge`, body: { otherId: gone.id } })}>{c.merge}</Button>
          </div>
        </div>
      )}
    </div>
  )
}

function Side({ contact: one, chosen, onKeep }: { contact: ContactRow; chosen: boolean; onKeep: () => void }) {
  const all = useTexts(contactTexts)
  const { format } = useI18n()
  return (
    <div className="flex flex-col gap-1 rounded-control bg-ground p-3">
      <p className="font-medium break-words">{one.name}</p>
      <p className="tabular text-soft">{phoneText(one.phoneNumber)}</p>
      {one.email && <p className="break-words text-soft">{one.email}</p>}
      <p className="text-small text-soft">{all.conversations}: {format.number(one.conversationsCount)}</p>
      <Button className="mt-1 h-8 self-start" aria-pressed={chosen} onClick={onKeep}>{all.duplicates.keep}</Button>
    </div>
  )
}
