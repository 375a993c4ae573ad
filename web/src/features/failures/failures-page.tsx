import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { Letter, LetterList } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Confirm } from '@/components/page/confirm'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { usePageError } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

const limit = 25
type Replayed = { replayed: number }

/** What was given up, to be tried again. */
export function FailuresPage() {
  const p = useTexts(pageTexts)
  const { failures: f } = useTexts(settingTexts)
  const { format } = useI18n()
  const textOf = usePageError()
  const [filters, setFilters] = useFilters()
  const [all, setAll] = useState(false)
  const kind = filters.kind ?? ''
  const page = pageOf(filters)
  const list = useQuery(pageQuery<LetterList>(['failures', kind, page], withParams('/api/dead-letters', { kind, page, limit })))
  const again = useChange<Replayed>(['failures'], undefined, (a) => toast(f.replayed(a.replayed)))
  const one = (id: string) => again.mutate({ method: 'POST', path: `/api/dead-letters/${id}/replay` }, { onError: (e) => toast(textOf(e), 'failed') })
  const total = list.data?.total ?? 0
  const columns: Column<Letter>[] = [
    { key: 'kind', head: f.kind, narrow: 'title', cell: (l) => <span className="font-medium">{f.kinds[l.kind]}</span> },
    { key: 'when', head: f.when, cell: (l) => <span className="tabular whitespace-nowrap text-soft">{format.full(l.failedAt)}</span> },
    { key: 'reason', head: f.reason, cell: (l) => <span className="line-clamp-3 max-w-[30rem] break-words">{l.reason}</span> },
    { key: 'conversation', head: f.conversation, cell: (l) => l.conversationId && <Link to="/conversas/$conversation" params={{ conversation: l.conversationId }} className="whitespace-nowrap text-brand-strong underline underline-offset-2">{f.conversation}</Link> },
    { key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (l) => <Button className="h-8" disabled={again.isPending} onClick={() => one(l.id)}>{f.replay}</Button> },
  ]
  return (
    <Page title={f.title} lead={f.lead} actions={total > 0 && <Button onClick={() => setAll(true)}><RotateCcw className="size-4" />{f.replayAll}</Button>}>
      <Toolbar><Choice label={f.kind} value={kind} all={f.all} options={Object.entries(f.kinds).map(([value, label]) => ({ value, label }))} onChange={(v) => setFilters({ kind: v })} /></Toolbar>
      <Table label={f.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(l) => l.id} empty={<Notice icon={<CircleCheck />} title={f.empty} hint={f.emptyHint} />} />
      <Pager page={page} limit={limit} total={total} onPage={(to) => setFilters({ page: String(to) })} />
      {all && <ReplayAll kind={kind} total={total} onClose={() => setAll(false)} />}
    </Page>
  )
}

function ReplayAll({ kind, total, onClose }: { kind: string; total: number; onClose: () => void }) {
  const { failures: f } = useTexts(settingTexts)
  const go = useChange<Replayed>(['failures'], undefined, (a) => { toast(f.replayed(a.replayed)); onClose() })
  return (
    <Confirm
      title={f.replayTitle} lead={f.replayLead(total)} action={f.replayAll} busy={go.isPending} error={go.error} onClose={onClose}
      onConfirm={() => go.mutate({ method: 'POST', path: '/api/dead-letters/replay-all', body: kind === '' ? {} : { kind } })}
    />
  )
}
