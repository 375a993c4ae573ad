import { useQuery } from '@tanstack/react-query'
import { CopyMinus, Plus, Upload, Users } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { ContactList, ContactRow } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column, type Sort } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { isManager, usePerson } from '@/components/person'
import { Avatar } from '@/components/ui/avatar'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts, pageTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { ContactDialog } from './contact-dialog'
import { DuplicatesDialog } from './duplicates-dialog'
import { ExportButton } from './export-button'
import { ImportDialog } from './import-dialog'

const limit = 25

/** Everybody who wrote to the hotel or was written down. */
export function ContactsPage() {
  const p = useTexts(pageTexts)
  const c = useTexts(contactTexts)
  const { format } = useI18n()
  const user = usePerson()
  const [filters, setFilters] = useFilters()
  const [open, setOpen] = useState<ContactRow | 'new' | 'import' | 'duplicates'>()
  const search = filters.q ?? ''
  const page = pageOf(filters)
  const sort: Sort = { by: filters.by ?? 'createdAt', order: filters.order === 'asc' ? 'asc' : 'desc' }
  const list = useQuery(pageQuery<ContactList>(['contacts', search, sort, page], withParams('/api/contacts', { search, sortBy: sort.by, sortOrder: sort.order, page, limit })))
  const nameOf = (row: ContactRow) => (/^\d+$/.test(row.name) ? phoneText(row.name) : row.name)
  const columns: Column<ContactRow>[] = [
    {
      key: 'name', head: c.name, sort: true, narrow: 'title',
      cell: (row) => (
        <button type="button" onClick={() => setOpen(row)} className="flex max-w-72 items-center gap-3 text-left">
          <Avatar name={row.name} picture={row.profilePictureUrl} size={34} />
          <span className="min-w-0"><span className="block truncate font-medium hover:underline">{nameOf(row)}</span>{row.companyName && <span className="block truncate text-small font-normal text-soft">{row.companyName}</span>}</span>
          {row.marketingStopped && <Badge title={c.stoppedHint}>{c.stopped}</Badge>}
        </button>
      ),
    },
    { key: 'phoneNumber', head: c.phone, sort: true, cell: (row) => <span className="tabular whitespace-nowrap">{phoneText(row.phoneNumber)}</span> },
    { key: 'email', head: c.email, cell: (row) => row.email && <span className="block max-w-56 truncate">{row.email}</span> },
    { key: 'conversations', head: c.conversations, end: true, cell: (row) => format.number(row.conversationsCount) },
    { key: 'last', head: c.last, cell: (row) => <span className="tabular whitespace-nowrap text-soft">{row.lastConversationAt ? format.full(row.lastConversationAt) : '–'}</span> },
    { key: 'createdAt', head: c.created, sort: true, cell: (row) => <span className="tabular whitespace-nowrap text-soft">{format.date(row.createdAt)}</span> },
  ]
  const close = () => setOpen(undefined)
  const mayMerge = isManager(user) || user.role === 'HEAD'
  return (
    <Page
      title={c.title} lead={c.lead}
      actions={<>
        {mayMerge && <Button onClick={() => setOpen('duplicates')}><CopyMinus className="size-4" />{c.duplicates.action}</Button>}
        {mayMerge && <ExportButton search={search} />}
        {isManager(user) && <Button onClick={() => setOpen('import')}><Upload className="size-4" />{c.importing.action}</Button>}
        {isManager(user) && <Button look="primary" onClick={() => setOpen('new')}><Plus className="size-4" />{c.add}</Button>}
      </>}
    >
      <Toolbar><SearchBox label={c.search} value={search} onChange={(q) => setFilters({ q })} /></Toolbar>
      <Table
        label={c.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(row) => row.id} sort={sort} onSort={(s) => setFilters({ by: s.by, order: s.order })}
        empty={search === '' ? <Notice icon={<Users />} title={c.empty} hint={c.emptyHint} /> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {open === 'import' && <ImportDialog onClose={close} />}
      {open === 'duplicates' && <DuplicatesDialog onClose={close} />}
      {open !== undefined && open !== 'import' && open !== 'duplicates' && <ContactDialog row={open === 'new' ? undefined : open} onClose={close} />}
    </Page>
  )
}
