import { useMutation, useQuery } from '@tanstack/react-query'
import { Download, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { download, pageQuery, withParams } from '@/api/page'
import type { AuditList, AuditLog } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { Table, type Column } from '@/components/page/table'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { usePageError } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { EntryDialog } from './entry-dialog'
import { useWhoDid } from './use-who-did'

const limit = 50

/** Who did what. */
export function AuditPage() {
  const p = useTexts(pageTexts)
  const { audit: a } = useTexts(reportTexts)
  const { format } = useI18n()
  const textOf = usePageError()
  const whoDid = useWhoDid()
  const [filters, setFilters] = useFilters()
  const [shown, setShown] = useState<AuditLog>()
  const { action = '', from = '', until = '' } = filters
  const page = pageOf(filters)
  const asked = { action, startDate: from, endDate: until }
  const list = useQuery(pageQuery<AuditList>(['audit', asked, page], withParams('/api/audit-logs', { ...asked, page, limit })))
  const csv = useMutation({ mutationFn: () => download(withParams('/api/audit-logs/export', asked), 'auditoria.csv'), onError: (e) => toast(textOf(e), 'failed') })
  const columns: Column<AuditLog>[] = [
    { key: 'when', head: a.when, cell: (l) => <span className="tabular whitespace-nowrap text-soft">{format.full(l.createdAt)}</span> },
    { key: 'who', head: a.who, cell: (l) => whoDid(l) },
    { key: 'action', head: a.action, narrow: 'title', cell: (l) => <span className="font-medium">{a.actions[l.action] ?? l.action}</span> },
    { key: 'from', head: a.from, cell: (l) => <span className="tabular text-soft">{l.ip ?? '–'}</span> },
    { key: 'details', head: p.actions, end: true, narrow: 'foot', cell: (l) => <Button className="h-8" onClick={() => setShown(l)}>{a.details}</Button> },
  ]
  const actions = Object.entries(a.actions).map(([value, label]) => ({ value, label })).sort((x, y) => x.label.localeCompare(y.label))
  const day = 'h-9 rounded-control border border-line-strong bg-paper px-2.5 outline-offset-0'
  return (
    <Page title={a.title} lead={a.lead} actions={<Button busy={csv.isPending} onClick={() => csv.mutate()}><Download className="size-4" />{a.export}</Button>}>
      <Toolbar>
        <Choice label={a.action} value={action} all={a.all} options={actions} onChange={(v) => setFilters({ action: v })} />
        <label className="flex items-center gap-2 text-soft">{a.first}<input type="date" value={from} max={until || undefined} onChange={(e) => setFilters({ from: e.target.value })} className={day} /></label>
        <label className="flex items-center gap-2 text-soft">{a.last}<input type="date" value={until} min={from || undefined} onChange={(e) => setFilters({ until: e.target.value })} className={day} /></label>
        {action + from + until !== '' && <Button look="quiet" onClick={() => setFilters({ action: '', from: '', until: '' })}>{p.clearFilters}</Button>}
      </Toolbar>
      <Table label={a.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(l) => l.id} empty={<Notice icon={<ScrollText />} title={a.empty} />} />
      <Pager page={page} limit={limit} total={list.data?.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {shown && <EntryDialog entry={shown} onClose={() => setShown(undefined)} />}
    </Page>
  )
}
