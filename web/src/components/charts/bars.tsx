import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { ceilingOf, showsEvery } from './scale'

export type Bar = { label: string; title?: string; value: number; quiet?: boolean }

/** Columns side by side, with their values above them where there is room, and all of them in a table below. */
export function Bars({ label, head, bars }: { label: string; head: string; bars: Bar[] }) {
  const { format } = useI18n()
  const top = ceilingOf(Math.max(...bars.map((b) => b.value)))
  const every = showsEvery(bars.length)
  return (
    <figure>
      <div aria-hidden="true" className="relative flex h-48 items-end gap-[2px] border-b border-line-strong pt-5 sm:gap-1">
        <span className="tabular absolute top-0 left-0 text-tiny text-faint">{format.number(top)}</span>
        <span className="absolute top-5 right-0 left-0 border-t border-dashed border-line" />
        {bars.map((b, i) => (
          <div key={i} title={`${b.title ?? b.label}: ${format.number(b.value)}`} className="group relative flex h-full min-w-0 flex-1 flex-col justify-end">
            {b.value > 0 && bars.length <= 31 && <span className="tabular text-center text-tiny text-soft">{format.number(b.value)}</span>}
            <div style={{ height: `${(b.value / top) * 100}%` }} className={cx('min-h-px rounded-t-[3px] transition-colors', b.quiet ? 'bg-line-strong' : 'bg-brand group-hover:bg-brand-strong')} />
          </div>
        ))}
      </div>
      <div aria-hidden="true" className="mt-1 flex gap-[2px] sm:gap-1">
        {bars.map((b, i) => <span key={i} className="tabular min-w-0 flex-1 text-center text-tiny whitespace-nowrap text-soft">{i % every === 0 ? b.label : ''}</span>)}
      </div>
      <Values label={label} head={head} rows={bars} />
    </figure>
  )
}

/** Rows with a bar each, for few things with names. */
export function Rows({ label, head, rows }: { label: string; head: string; rows: { label: string; value: number; note?: string }[] }) {
  const { format } = useI18n()
  const top = Math.max(1, ...rows.map((r) => r.value))
  return (
    <table aria-label={label} className="w-full">
      <thead className="sr-only"><tr><th scope="col">{label}</th><th scope="col">{head}</th></tr></thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.label}>
            <th scope="row" className="w-2/5 py-1 pr-3 text-left font-normal">{r.label}</th>
            <td className="py-1">
              <span className="flex items-center gap-2">
                <span aria-hidden="true" className="h-3 rounded-[3px] bg-brand" style={{ width: `${(r.value / top) * 60}%`, minWidth: r.value > 0 ? 3 : 0 }} />
                <span className="tabular font-medium">{format.number(r.value)}</span>{r.note && <span className="tabular text-small text-soft">{r.note}</span>}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Values({ label, head, rows }: { label: string; head: string; rows: Bar[] }) {
  const r = useTexts(reportTexts)
  const { format } = useI18n()
  return (
    <details className="mt-3">
      <summary className="w-fit cursor-pointer text-small text-soft hover:text-ink">{r.values}</summary>
      <table aria-label={label} className="mt-2 text-left">
        <thead><tr className="text-small text-soft"><th scope="col" className="pr-8 font-medium">{label}</th><th scope="col" className="text-right font-medium">{head}</th></tr></thead>
        <tbody>{rows.map((b, i) => <tr key={i}><th scope="row" className="pr-8 font-normal">{b.title ?? b.label}</th><td className="tabular text-right">{format.number(b.value)}</td></tr>)}</tbody>
      </table>
    </details>
  )
}
