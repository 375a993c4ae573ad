import { useQuery } from '@tanstack/react-query'
import { Plus, Users } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { Member, MemberList } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { usePerson } from '@/components/person'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { MemberActions } from './member-actions'
import { MemberDialog } from './member-dialog'

const limit = 25
const givable = ['TENANT_ADMIN', 'HEAD', 'ATTENDANT', 'SALES']

/** Who works at the hotel. */
export function TeamPage() {
  const p = useTexts(pageTexts)
  const { users: u } = useTexts(teamTexts)
  const { t, format } = useI18n()
  const me = usePerson().id
  const [filters, setFilters] = useFilters()
  const [edited, setEdited] = useState<Member | 'new'>()
  const { q: search = '', role = '', status = '' } = filters
  const page = pageOf(filters)
  const list = useQuery(pageQuery<MemberList>(['team', search, role, status, page], withParams('/api/users', { search, role, status, page, limit })))
  const columns: Column<Member>[] = [
    {
      key: 'name', head: u.name, narrow: 'title',
      cell: (m) => (
        <span className="flex items-center gap-3">
          <Avatar name={m.name} picture={m.avatarUrl} size={34} />
          <span className="min-w-0"><span className="block truncate font-medium">{m.name}{m.id === me && <span className="font-normal text-soft"> ({p.you})</span>}</span><span className="block truncate text-small font-normal text-soft">{m.email}</span></span>
        </span>
      ),
    },
    { key: 'role', head: u.role, cell: (m) => t.roles[m.role] },
    { key: 'unit', head: u.unit, cell: (m) => m.hotelUnit ?? <span className="text-soft">{u.everyUnit}</span> },
    { key: 'status', head: u.status, cell: (m) => <Badge tone={m.status === 'ACTIVE' ? 'brand' : 'warn'}>{u.states[m.status]}</Badge> },
    { key: 'conversations', head: u.conversations, end: true, cell: (m) => format.number(m.conversationsCount) },
    { key: 'lastLogin', head: u.lastLogin, cell: (m) => <span className="tabular whitespace-nowrap text-soft">{m.lastLogin ? format.full(m.lastLogin) : p.never}</span> },
    { key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (m) => <MemberActions member={m} isMe={m.id === me} onEdit={() => setEdited(m)} /> },
  ]
  const isFiltered = search + role + status !== ''
  return (
    <Page title={u.title} lead={u.lead} actions={<Button look="primary" onClick={() => setEdited('new')}><Plus className="size-4" />{u.add}</Button>}>
      <Toolbar>
        <SearchBox label={u.search} value={search} onChange={(q) => setFilters({ q })} />
        <Choice label={u.role} value={role} all={u.allRoles} options={givable.map((value) => ({ value, label: t.roles[value] ?? value }))} onChange={(v) => setFilters({ role: v })} />
        <Choice label={u.status} value={status} all={u.allStatus} options={['ACTIVE', 'SUSPENDED'].map((value) => ({ value, label: u.states[value] ?? value }))} onChange={(v) => setFilters({ status: v })} />
      </Toolbar>
      <Table
        label={u.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(m) => m.id}
        empty={isFiltered ? <Notice title={p.nothingFound} hint={p.nothingFoundHint} /> : <Notice icon={<Users />} title={u.empty} hint={u.emptyHint} />}
      />
      <Pager page={page} limit={limit} total={list.data?.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {edited && <MemberDialog member={edited === 'new' ? undefined : edited} isMe={edited !== 'new' && edited.id === me} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}
