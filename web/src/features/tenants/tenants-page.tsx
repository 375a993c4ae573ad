import { useQuery } from '@tanstack/react-query'
import { Building2, Plus } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { TenantItem, TenantList } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { RowActions } from '@/components/page/row-actions'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, platformTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { TenantDialog } from './tenant-dialog'

const limit = 25
const tones: Record<string, Tone> = { TRIAL: 'warn', ACTIVE: 'brand', SUSPENDED: 'danger', CANCELLED: 'plain' }

/** The hotels of the platform. */
export function TenantsPage() {
  const p = useTexts(pageTexts)
  const { tenants: h } = useTexts(platformTexts)
  const { format } = useI18n()
  const [filters, setFilters] = useFilters()
  const [edited, setEdited] = useState<TenantItem | 'new'>()
  const { q: search = '', status = '' } = filters
  const page = pageOf(filters)
  const list = useQuery(pageQuery<TenantList>(['tenants', search, status, page], withParams('/api/tenants', { search, status, page, limit })))
  const columns: Column<TenantItem>[] = [
    { key: 'name', head: h.name, narrow: 'title', cell: (x) => <span className="block min-w-40"><span className="block font-medium">{x.name}</span><span className="block text-small font-normal text-soft">{x.slug}</span></span> },
    { key: 'status', head: h.status, cell: (x) => <span className="flex flex-wrap gap-1"><Badge tone={tones[x.status] ?? 'plain'}>{h.states[x.status]}</Badge>{!x.isWhatsappConnected && <Badge tone="warn">{h.notConnected}</Badge>}</span> },
    { key: 'plan', head: h.plan, cell: (x) => h.plans[x.plan] ?? x.plan },
    { key: 'users', head: h.users, end: true, cell: (x) => format.number(x._count.users) },
    { key: 'conversations', head: h.conversations, end: true, cell: (x) => format.number(x._count.conversations) },
    { key: 'contacts', head: h.contacts, end: true, cell: (x) => format.number(x._count.contacts) },
    { key: 'since', head: h.since, cell: (x) => <span className="tabular whitespace-nowrap text-soft">{format.date(x.createdAt)}</span> },
    { key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (x) => <RowActions name={x.name} onEdit={() => setEdited(x)} /> },
  ]
  return (
    <Page title={h.title} lead={h.lead} actions={<Button look="primary" onClick={() => setEdited('new')}><Plus className="size-4" />{h.add}</Button>}>
      <Toolbar>
        <SearchBox label={h.search} value={search} onChange={(q) => setFilters({ q })} />
        <Choice label={h.status} value={status} all={h.anyStatus} options={Object.entries(h.states).map(([value, label]) => ({ value, label }))} onChange={(v) => setFilters({ status: v })} />
      </Toolbar>
      <Table
        label={h.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(x) => x.id}
        empty={search + status === '' ? <Notice icon={<Building2 />} title={h.empty} /> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {edited && <TenantDialog tenant={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}
