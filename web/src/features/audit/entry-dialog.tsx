import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { AuditLog, AuditLogInFull } from '@/api/page-types'
import { Failed } from '@/components/page/table'
import { Dialog } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { changesOf } from './changes'
import { useWhoDid } from './use-who-did'

/** What one entry changed, in words: the field, what it was, what it is. */
export function EntryDialog({ entry, onClose }: { entry: AuditLog; onClose: () => void }) {
  const { audit: a } = useTexts(reportTexts)
  const { format } = useI18n()
  const whoDid = useWhoDid()
  const full = useQuery(pageQuery<AuditLogInFull>(['audit', 'entry', entry.id], `/api/audit-logs/${entry.id}`))
  const changes = full.data ? changesOf(full.data.oldData, full.data.newData) : []
  return (
    <Dialog open wide onOpenChange={(open) => !open && onClose()} title={a.actions[entry.action] ?? entry.action} lead={`${whoDid(entry)} · ${format.full(entry.createdAt)}`}>
      {full.isPending && <Skeleton className="h-20" />}
      {full.isError && <Failed error={full.error} onRetry={() => void full.refetch()} />}
      {full.data && changes.length === 0 && <p className="text-soft">{a.nothing}</p>}
      {changes.length > 0 && (
        <table aria-label={a.changed} className="w-full text-left">
          <thead><tr className="text-small text-soft"><th scope="col" className="py-1 pr-4 font-medium">{a.field}</th><th scope="col" className="py-1 pr-4 font-medium">{a.before}</th><th scope="col" className="py-1 font-medium">{a.after}</th></tr></thead>
          <tbody>
            {changes.map((c) => (
              <tr key={c.field} className="border-t border-line align-top">
                <th scope="row" className="py-1.5 pr-4 font-medium">{a.fields[c.field] ?? c.field}</th>
                <td className="py-1.5 pr-4 break-words text-soft"><Value of={c.before} /></td>
                <td className="py-1.5 break-words"><Value of={c.after} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}

function Value({ of: value }: { of: unknown }) {
  const p = useTexts(pageTexts)
  const { t, format } = useI18n()
  if (value === undefined || value === null || value === '') return '–'
  if (typeof value === 'boolean') return value ? p.yes : p.no
  if (typeof value === 'number') return format.number(value)
  if (Array.isArray(value)) return value.map((x) => (typeof x === 'object' ? JSON.stringify(x) : String(x))).join(', ')
  if (typeof value !== 'string') return <code className="text-small break-all">{JSON.stringify(value)}</code>
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return format.full(value)
  return t.roles[value] ?? t.status[value] ?? t.priority[value] ?? value
}
