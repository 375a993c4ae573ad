import { useQuery } from '@tanstack/react-query'
import { MessageSquareText, Plus } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { QuickReply } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Confirm } from '@/components/page/confirm'
import { Page, Toolbar } from '@/components/page/page'
import { RowActions } from '@/components/page/row-actions'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { useFilters } from '@/components/page/use-filters'
import { usePerson } from '@/components/person'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { ReplyDialog } from './reply-dialog'

export function RepliesPage() {
  const p = useTexts(pageTexts)
  const { replies: t } = useTexts(teamTexts)
  const [filters, setFilters] = useFilters()
  const [edited, setEdited] = useState<QuickReply | 'new'>()
  const [removed, setRemoved] = useState<QuickReply>()
  const { q: search = '', active = '' } = filters
  const mayChange = usePerson().role !== 'ATTENDANT'
  const list = useQuery({ ...pageQuery<{ data: QuickReply[] }>(['replies', search, active], withParams('/api/quick-replies', { search, isActive: active })), select: (l) => l.data })
  const columns: Column<QuickReply>[] = [
    { key: 'shortcut', head: t.shortcut, cell: (r) => <code className="rounded bg-ground px-1.5 py-0.5 text-small whitespace-nowrap">/{r.shortcut}</code> },
    {
      key: 'name', head: t.name, narrow: 'title',
      cell: (r) => <span className="block max-w-[34rem] min-w-48"><span className="flex items-center gap-2 font-medium">{r.title}{!r.isActive && <Badge>{t.inactive}</Badge>}</span><span className="line-clamp-2 font-normal text-soft">{r.content}</span></span>,
    },
    { key: 'category', head: t.category, cell: (r) => r.category ?? <span className="text-soft">{t.noCategory}</span> },
    { key: 'by', head: t.by, narrow: 'hide', cell: (r) => <span className="text-soft">{r.createdBy?.name}</span> },
  ]
  if (mayChange) columns.push({ key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (r) => <RowActions name={r.title} onEdit={() => setEdited(r)} onRemove={() => setRemoved(r)} /> })
  return (
    <Page title={t.title} lead={t.lead} actions={mayChange && <Button look="primary" onClick={() => setEdited('new')}><Plus className="size-4" />{t.add}</Button>}>
      <Toolbar>
        <SearchBox label={t.search} value={search} onChange={(q) => setFilters({ q })} />
        <Choice label={t.active} value={active} all={t.activeAll} options={[{ value: 'true', label: t.active }, { value: 'false', label: t.inactive }]} onChange={(v) => setFilters({ active: v })} />
      </Toolbar>
      <Table
        label={t.title} columns={columns} rows={list} keyOf={(r) => r.id}
        empty={search + active === '' ? <Notice icon={<MessageSquareText />} title={t.empty} hint={t.emptyHint}>{mayChange && <Button onClick={() => setEdited('new')}>{t.add}</Button>}</Notice> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      {edited && <ReplyDialog reply={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {removed && <RemoveReply reply={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  )
}

function RemoveReply({ reply, onClose }: { reply: QuickReply; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { replies: t } = useTexts(teamTexts)
  const remove = useChange(['replies'], p.removed, onClose)
  return (
    <Confirm
      danger title={t.removeTitle(reply.title)} lead={t.removeLead} action={p.remove} busy={remove.isPending} error={remove.error} onClose={onClose}
      onConfirm={() => remove.mutate({ method: 'DELETE', path: `/api/quick-replies/${reply.id}` })}
    />
  )
}
