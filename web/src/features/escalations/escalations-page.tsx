import { useQuery } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { hotelQuery } from '@/api/me'
import { pageQuery, withParams } from '@/api/page'
import type { EscalationItem, EscalationList, EscalationStats } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { GuestCell } from '@/components/page/guest-cell'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { Table, type Column } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { Badge, type Tone } from '@/components/ui/badge'
import { Tabs } from '@/components/ui/tabs'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { useNow } from '@/lib/use-now'
import { EscalationActions } from './escalation-actions'
import { ResolveDialog } from './resolve-dialog'

const limit = 25
const tones: Record<string, Tone> = { PENDING: 'danger', IN_PROGRESS: 'brand', RESOLVED: 'plain', CANCELLED: 'plain' }

/** Guests whom the bot passed to a person. */
export function EscalationsPage() {
  const p = useTexts(pageTexts)
  const { escalations: e } = useTexts(teamTexts)
  const { format } = useI18n()
  const now = useNow()
  const [filters, setFilters] = useFilters()
  const [resolved, setResolved] = useState<EscalationItem>()
  const units = useQuery(hotelQuery).data?.units ?? []
  const stats = useQuery(pageQuery<EscalationStats>(['escalations', 'stats'], '/api/escalations/stats'))
  const status = filters.status ?? 'PENDING'
  const unit = filters.unit ?? ''
  const page = pageOf(filters)
  const list = useQuery(pageQuery<EscalationList>(['escalations', status, unit, page], withParams('/api/escalations', { status: status === 'all' ? '' : status, hotelUnit: unit, page, limit })))
  const columns: Column<EscalationItem>[] = [
    { key: 'guest', head: e.guest, narrow: 'title', cell: (row) => <GuestCell conversation={row.conversationId} contact={row.conversation.contact} /> },
    {
      key: 'reason', head: e.reason,
      cell: (row) => <span className="block max-w-[26rem]"><span className="font-medium">{e.reasons[row.reason] ?? e.reasons.OTHER}</span>{row.reasonDetail && <span className="line-clamp-2 text-soft">{row.reasonDetail}</span>}</span>,
    },
    { key: 'unit', head: e.unit, cell: (row) => row.hotelUnit ?? <span className="text-soft">–</span> },
    { key: 'status', head: e.status, cell: (row) => <Badge tone={tones[row.status] ?? 'plain'}>{e.stateOne[row.status]}{row.status === 'PENDING' && ` · ${format.span(now - Date.parse(row.createdAt))}`}</Badge> },
    { key: 'when', head: e.when, cell: (row) => <span className="tabular whitespace-nowrap text-soft">{format.full(row.createdAt)}</span> },
    { key: 'by', head: e.by, cell: (row) => row.conversation.assignedTo?.name ?? <span className="text-soft">{e.nobody}</span> },
    { key: 'actions', head: p.actions, end: true, narrow: 'below', cell: (row) => <EscalationActions escalation={row} onResolve={() => setResolved(row)} /> },
  ]
  const count = (state: string) => stats.data?.byStatus[state] ?? 0
  const tabs = [...Object.entries(e.state).map(([value, label]) => ({ value, label: stats.data ? `${label} (${format.number(count(value))})` : label })), { value: 'all', label: e.all }]
  return (
    <Page title={e.title} lead={e.lead}>
      <Toolbar>
        <Tabs label={e.status} value={status} onChange={(v) => setFilters({ status: v })} tabs={tabs} />
        {units.length > 1 && <Choice label={e.unit} value={unit} all={e.allUnits} options={units.map((value) => ({ value, label: value }))} onChange={(v) => setFilters({ unit: v })} />}
      </Toolbar>
      <Table
        label={e.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(row) => row.id}
        empty={status === 'PENDING' ? <Notice icon={<CircleCheck />} title={e.empty} hint={e.emptyHint} /> : <Notice title={p.nothing} />}
      />
      <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {resolved && <ResolveDialog escalation={resolved} onClose={() => setResolved(undefined)} />}
    </Page>
  )
}
