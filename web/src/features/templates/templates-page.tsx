import { useQuery } from '@tanstack/react-query'
import { FileText, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { pageQuery, withParams } from '@/api/page'
import type { TemplateList } from '@/api/page-types'
import type { Template } from '@/api/types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Confirm } from '@/components/page/confirm'
import { Page, Toolbar } from '@/components/page/page'
import { Pager } from '@/components/page/pager'
import { RowActions } from '@/components/page/row-actions'
import { SearchBox } from '@/components/page/search-box'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { pageOf, useFilters } from '@/components/page/use-filters'
import { usePageError } from '@/components/page/use-page-error'
import { isManager, usePerson } from '@/components/person'
import { Badge, type Tone } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, platformTexts } from '@/lib/i18n/areas'

const limit = 25
const tones: Record<string, Tone> = { APPROVED: 'brand', PENDING: 'plain', IN_APPEAL: 'plain', REJECTED: 'danger', PAUSED: 'warn', DISABLED: 'danger' }

/** What may be sent outside of the window, and what WhatsApp thinks of it. */
export function TemplatesPage() {
  const p = useTexts(pageTexts)
  const { templates: t } = useTexts(platformTexts)
  const textOf = usePageError()
  const mayChange = isManager(usePerson())
  const [filters, setFilters] = useFilters()
  const [seen, setSeen] = useState<Template>()
  const [removed, setRemoved] = useState<Template>()
  const { q: search = '', status = '' } = filters
  const page = pageOf(filters)
  const list = useQuery(pageQuery<TemplateList>(['templates', search, status, page], withParams('/api/whatsapp/templates', { search, status, page, limit })))
  const sync = useChange(['templates'], t.synced)
  const columns: Column<Template>[] = [
    { key: 'name', head: t.name, narrow: 'title', cell: (x) => <button type="button" title={t.preview} onClick={() => setSeen(x)} className="text-left font-medium break-all hover:underline">{x.name}</button> },
    { key: 'text', head: t.text, cell: (x) => <span className="line-clamp-2 max-w-96 text-soft">{x.components?.body}</span> },
    { key: 'language', head: t.language, cell: (x) => x.language },
    { key: 'category', head: t.category, cell: (x) => t.categories[x.category] ?? x.category },
    { key: 'status', head: t.status, cell: (x) => <span className="flex max-w-60 flex-col items-start gap-1"><Badge tone={tones[x.status] ?? 'plain'}>{t.states[x.status] ?? x.status}</Badge>{x.reason && x.reason !== 'NONE' && <span className="text-small text-danger">{t.reasons[x.reason] ?? x.reason}</span>}</span> },
  ]
  if (mayChange) columns.push({ key: 'actions', head: p.actions, end: true, narrow: 'foot', cell: (x) => <RowActions name={x.name} onRemove={() => setRemoved(x)} /> })
  return (
    <Page
      title={t.title} lead={t.lead}
      actions={mayChange && <Button busy={sync.isPending} onClick={() => sync.mutate({ method: 'POST', path: '/api/whatsapp/templates/sync' }, { onError: (e) => toast(textOf(e), 'failed') })}><RefreshCw className="size-4" />{t.sync}</Button>}
    >
      <Toolbar>
        <SearchBox label={t.search} value={search} onChange={(q) => setFilters({ q })} />
        <Choice label={t.status} value={status} all={t.anyStatus} options={Object.entries(t.states).map(([value, label]) => ({ value, label }))} onChange={(v) => setFilters({ status: v })} />
      </Toolbar>
      <Table
        label={t.title} columns={columns} rows={{ ...list, data: list.data?.data }} keyOf={(x) => x.id}
        empty={search + status === '' ? <Notice icon={<FileText />} title={t.empty} hint={t.emptyHint} /> : <Notice title={p.nothingFound} hint={p.nothingFoundHint} />}
      />
      <Pager page={page} limit={limit} total={list.data?.pagination.total ?? 0} onPage={(to) => setFilters({ page: String(to) })} />
      {seen && <Seen template={seen} onClose={() => setSeen(undefined)} />}
      {removed && <Remove template={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  )
}

/** A template as a bubble on the guest's phone. */
function Seen({ template, onClose }: { template: Template; onClose: () => void }) {
  const { templates: t } = useTexts(platformTexts)
  const c = template.components
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={template.name} lead={t.example}>
      <div className="rounded-lg bg-wall p-4">
        <div className="flex max-w-80 flex-col gap-1.5 rounded-bubble bg-bubble-guest px-3 py-2 shadow-low">
          {c?.header?.text && <p className="font-semibold">{c.header.text}</p>}
          <p className="break-words whitespace-pre-wrap">{c?.body}</p>
          {c?.footer && <p className="text-small text-soft">{c.footer}</p>}
          {c?.buttons?.map((b, i) => <p key={i} className="border-t border-line pt-1.5 text-center font-medium text-read">{b.text}</p>)}
        </div>
      </div>
    </Dialog>
  )
}

function Remove({ template, onClose }: { template: Template; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { templates: t } = useTexts(platformTexts)
  const remove = useChange(['templates'], p.removed, onClose)
  return <Confirm danger title={t.removeTitle(template.name)} lead={t.removeLead} action={p.remove} busy={remove.isPending} error={remove.error} onClose={onClose} onConfirm={() => remove.mutate({ method: 'DELETE', path: `/api/whatsapp/templates/${template.id}` })} />
}
