import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { AttemptList, Webhook, WebhookAttempt } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Pager } from '@/components/page/pager'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

const limit = 20
const tones: Record<string, Tone> = { delivered: 'brand', retrying: 'warn', failed: 'danger', skipped: 'plain' }

/** What a program was told lately, and what it answered. */
export function DeliveryLog({ subscription, onClose }: { subscription: Webhook; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { subscriptions: s } = useTexts(settingTexts)
  const { format } = useI18n()
  const [page, setPage] = useState(1)
  const path = `/api/webhooks/${subscription.id}/deliveries`
  const list = useQuery(pageQuery<AttemptList>(['subscriptions', subscription.id, page], `${path}?page=${page}&limit=${limit}`))
  const replay = useChange(['subscriptions'], s.replayed)
  const columns: Column<WebhookAttempt>[] = [
    { key: 'when', head: s.when, narrow: 'title', cell: (a) => <span className="tabular whitespace-nowrap">{format.full(a.createdAt)}</span> },
    { key: 'event', head: s.event, cell: (a) => s.names[a.event] ?? a.event },
    { key: 'result', head: s.result, cell: (a) => <Badge tone={tones[a.status] ?? 'plain'}>{s.results[a.status]}{a.httpStatus !== null && ` (${a.httpStatus})`}</Badge> },
    { key: 'attempts', head: s.attempts, end: true, cell: (a) => format.number(a.attempts) },
    { key: 'answer', head: s.answer, cell: (a) => <span className="line-clamp-2 max-w-56 break-all text-soft">{a.answer ?? a.reason}</span> },
    { key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (a) => <Button className="h-8" disabled={replay.isPending} onClick={() => replay.mutate({ method: 'POST', path: `${path}/${a.id}/replay` })}>{s.replay}</Button> },
  ]
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={s.logTitle} lead={subscription.url}>
      <div className="flex flex-col gap-3">
        <Table label={s.logTitle} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(a) => a.id} empty={<Notice title={s.noLog} />} />
        <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={setPage} />
      </div>
    </Dialog>
  )
}
