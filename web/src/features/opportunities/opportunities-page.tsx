import { useQuery } from '@tanstack/react-query'
import { Star } from 'lucide-react'
import { pageQuery, withParams } from '@/api/page'
import type { ConversationList } from '@/api/page-types'
import type { Conversation } from '@/api/types'
import { Notice } from '@/components/notice'
import { GuestCell } from '@/components/page/guest-cell'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { PriorityBadge, WaitingBadge, WindowBadge } from '@/components/standing'
import { Tabs } from '@/components/ui/tabs'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

const limit = 25
const active = 'BOT_HANDLING,OPEN,IN_PROGRESS,WAITING'
type Which = 'open' | 'closing' | 'closed'
const asked: Record<Which, Record<string, string>> = { open: { status: active }, closing: { status: active, windowClosing: 'true' }, closed: { status: 'CLOSED' } }

/** Conversations with a possible sale. */
export function OpportunitiesPage() {
  const p = useTexts(pageTexts)
  const { opportunities: o } = useTexts(teamTexts)
  const { t, format } = useI18n()
  const [filters, setFilters] = useFilters()
  const which: Which = filters.which === 'closing' || filters.which === 'closed' ? filters.which : 'open'
  const search = filters.q ?? ''
  const page = pageOf(filters)
  const list = useQuery(pageQuery<ConversationList>(['opportunities', which, search, page], withParams('/api/conversations', { isOpportunity: 'true', ...asked[which], search, page, limit })))
  const columns: Column<Conversation>[] = [
    { key: 'guest', head: o.guest, narrow: 'title', cell: (c) => <GuestCell conversation={c.id} contact={c.contact} /> },
    {
      key: 'last', head: o.last,
      cell: (c) => <span className="flex max-w-[26rem] flex-col items-start gap-1"><span className="line-clamp-1 text-soft">{c.lastMessage?.content || t.kind[c.lastMessage?.type ?? ''] || t.list.noMessage}</span><span className="flex gap-1"><WaitingBadge conversation={c} /><PriorityBadge priority={c.priority} /></span></span>,
    },
    { key: 'window', head: o.window, cell: (c) => (c.status === 'CLOSED' ? <span className="text-soft">{t.status.CLOSED}</span> : <WindowBadge conversation={c} />) },
    { key: 'by', head: o.by, cell: (c) => c.assignedTo?.name ?? <span className="text-soft">{o.nobody}</span> },
    { key: 'unit', head: o.unit, cell: (c) => c.hotelUnit ?? <span className="text-soft">–</span> },
    { key: 'since', head: o.since, cell: (c) => <span className="tabular whitespace-nowrap text-soft">{c.opportunityAt ? format.full(c.opportunityAt) : '–'}</span> },
  ]
  return (
    <Page title={o.title} lead={o.lead}>
      <Toolbar>
        <Tabs label={o.which} value={which} onChange={(v) => setFilters({ which: v })} tabs={[{ value: 'open', label: o.open }, { value: 'closing', label: o.closing }, { value: 'closed', label: o.closed }]} />
        <SearchBox label={o.search} value={search} onChange={(q) => setFilters({ q })} />
      </Toolbar>
      <Table
        label={o.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(c) => c.id}
        empty={search === '' ? <Notice icon={<Star />} title={o.empty} hint={o.emptyHint} /> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
    </Page>
  )
}
