import { ArrowDown, ArrowUp, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { useWide } from '@/lib/use-wide'
import { usePageError } from './use-page-error'

export type Column<T> = { key: string; head: string; cell: (row: T) => ReactNode; sort?: boolean; end?: boolean; narrow?: 'title' | 'hide' | 'foot' | 'below' }
export type Sort = { by: string; order: 'asc' | 'desc' }

type Source<T> = { data: T[] | undefined; isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown; isPlaceholderData?: boolean }
type Props<T> = {
  label: string
  columns: Column<T>[]
  rows: Source<T>
  keyOf: (row: T) => string
  empty: ReactNode
  sort?: Sort
  onSort?: (s: Sort) => void
}

/** Rows in columns; on a phone each row is a card. It shows as well that rows come, that there are none, or why not. */
export function Table<T>(p: Props<T>) {
  const wide = useWide(760)
  const { rows } = p
  if (rows.isPending) return <Waiting />
  if (rows.isError && rows.data === undefined) return <Failed error={rows.error} onRetry={() => void rows.refetch()} />
  if (rows.data === undefined || rows.data.length === 0) return <Paper><div className="flex min-h-56">{p.empty}</div></Paper>
  return (
    <Paper className={cx('transition-opacity', rows.isPlaceholderData && 'opacity-60')}>
      {wide ? <Wide {...p} data={rows.data} /> : <Narrow {...p} data={rows.data} />}
    </Paper>
  )
}

const Paper = ({ className, children }: { className?: string; children: ReactNode }) => <div className={cx('overflow-hidden rounded-xl border border-line bg-paper shadow-low', className)}>{children}</div>

function Wide<T>({ label, columns, data, keyOf, sort, onSort }: Props<T> & { data: T[] }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line bg-hover">
            {columns.map((c) => (
              <th key={c.key} scope="col" aria-sort={sort?.by === c.key ? (sort.order === 'asc' ? 'ascending' : 'descending') : undefined} className={cx('px-4 py-2.5 text-small font-medium whitespace-nowrap text-soft', c.end && 'text-right')}>
                {c.sort && onSort ? <SortButton column={c} sort={sort} onSort={onSort} /> : c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-hover">
              {columns.map((c) => <td key={c.key} className={cx('px-4 py-2.5 align-middle', c.end && 'tabular text-right')}>{c.cell(row)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SortButton<T>({ column: c, sort, onSort }: { column: Column<T>; sort: Sort | undefined; onSort: (s: Sort) => void }) {
  const up = sort?.by === c.key && sort.order === 'asc'
  return (
    <button type="button" onClick={() => onSort({ by: c.key, order: up ? 'desc' : 'asc' })} className="-mx-1 inline-flex items-center gap-1 rounded px-1 hover:text-ink">
      {c.head}
      {sort?.by === c.key && (up ? <ArrowUp aria-hidden="true" className="size-3.5" /> : <ArrowDown aria-hidden="true" className="size-3.5" />)}
    </button>
  )
}

function Narrow<T>({ label, columns, data, keyOf }: Props<T> & { data: T[] }) {
  const title = columns.find((c) => c.narrow === 'title') ?? columns[0]
  const foot = columns.filter((c) => c.narrow === 'foot')
  const facts = columns.filter((c) => c !== title && c.narrow !== 'hide' && c.narrow !== 'foot' && c.narrow !== 'below')
  return (
    <ul aria-label={label}>
      {data.map((row) => (
        <li key={keyOf(row)} className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
          {title && <div className="flex items-center gap-2"><div className="min-w-0 flex-1 font-medium">{title.cell(row)}</div>{foot.map((c) => <div key={c.key}>{c.cell(row)}</div>)}</div>}
          <dl className="grid grid-cols-2 gap-x-4 gap-y-1.5">
            {facts.map((c) => (
              <div key={c.key} className="min-w-0"><dt className="text-tiny text-soft">{c.head}</dt><dd className="min-w-0 break-words">{c.cell(row)}</dd></div>
            ))}
          </dl>
          {columns.filter((c) => c.narrow === 'below').map((c) => <div key={c.key} className="flex justify-end">{c.cell(row)}</div>)}
        </li>
      ))}
    </ul>
  )
}

function Waiting() {
  const { t } = useI18n()
  return (
    <div role="status" aria-label={t.loading} className="flex flex-col gap-px overflow-hidden rounded-xl border border-line bg-paper">
      {Array.from({ length: 6 }, (_, i) => <div key={i} className="flex items-center gap-6 border-b border-line px-4 py-4 last:border-0"><Skeleton className="h-3.5 w-1/4" /><Skeleton className="h-3.5 w-1/3" /><Skeleton className="h-3.5 w-1/6" /></div>)}
    </div>
  )
}

/** Why something is not shown, and a way to try again. */
export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useI18n()
  const p = useTexts(pageTexts)
  const textOf = usePageError()
  return <Paper><div className="flex min-h-56"><Notice icon={<TriangleAlert />} title={p.failed} hint={textOf(error)}><Button onClick={onRetry}>{t.retry}</Button></Notice></div></Paper>
}
