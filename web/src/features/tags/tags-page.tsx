import { useQuery } from '@tanstack/react-query'
import { Plus, Tag as TagIcon } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { TagItem } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Confirm } from '@/components/page/confirm'
import { Page, Toolbar } from '@/components/page/page'
import { RowActions } from '@/components/page/row-actions'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { useFilters } from '@/components/page/use-filters'
import { usePerson } from '@/components/person'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { TagDialog } from './tag-dialog'

export function TagsPage() {
  const p = useTexts(pageTexts)
  const { tags: t } = useTexts(teamTexts)
  const { format } = useI18n()
  const [filters, setFilters] = useFilters()
  const [edited, setEdited] = useState<TagItem | 'new'>()
  const [removed, setRemoved] = useState<TagItem>()
  const search = filters.q ?? ''
  const mayChange = usePerson().role !== 'ATTENDANT'
  const list = useQuery({ ...pageQuery<{ data: TagItem[] }>(['tags', search], withParams('/api/tags', { search })), select: (l) => l.data })
  const columns: Column<TagItem>[] = [
    { key: 'name', head: t.name, narrow: 'title', cell: (tag) => <span className="flex items-center gap-2"><span aria-hidden="true" className="size-3 shrink-0 rounded-full" style={{ backgroundColor: tag.color }} />{tag.name}</span> },
    { key: 'used', head: t.used, end: true, cell: (tag) => format.number(tag.conversationsCount) },
    { key: 'since', head: t.since, cell: (tag) => <span className="tabular text-soft">{format.date(tag.createdAt)}</span> },
  ]
  if (mayChange) columns.push({ key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (tag) => <RowActions name={tag.name} onEdit={() => setEdited(tag)} onRemove={() => setRemoved(tag)} /> })
  return (
    <Page title={t.title} lead={t.lead} actions={mayChange && <Button look="primary" onClick={() => setEdited('new')}><Plus className="size-4" />{t.add}</Button>}>
      <Toolbar><SearchBox label={t.search} value={search} onChange={(q) => setFilters({ q })} /></Toolbar>
      <Table
        label={t.title} columns={columns} rows={list} keyOf={(tag) => tag.id}
        empty={search === '' ? <Notice icon={<TagIcon />} title={t.empty} hint={t.emptyHint}>{mayChange && <Button onClick={() => setEdited('new')}>{t.add}</Button>}</Notice> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      {edited && <TagDialog tag={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {removed && <RemoveTag tag={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  )
}

function RemoveTag({ tag, onClose }: { tag: TagItem; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { tags: t } = useTexts(teamTexts)
  const remove = useChange(['tags'], p.removed, onClose)
  return (
    <Confirm
      danger title={t.removeTitle(tag.name)} lead={t.removeLead(tag.conversationsCount)} action={p.remove} busy={remove.isPending} error={remove.error} onClose={onClose}
      onConfirm={() => remove.mutate({ method: 'DELETE', path: `/api/tags/${tag.id}` })}
    />
  )
}
