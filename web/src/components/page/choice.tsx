import { cx } from '@/lib/cx'

type Option = { value: string; label: string }
type Props = { label: string; value: string; options: Option[]; onChange: (v: string) => void; all?: string; className?: string }

/** One of a few to filter by. Its name is only said aloud: the first choice says what it is about. */
export function Choice({ label, value, options, onChange, all, className }: Props) {
  return (
    <select aria-label={label} value={value} onChange={(e) => onChange(e.target.value)} className={cx('h-9 max-w-56 rounded-control border border-line-strong bg-paper px-2.5 text-ink outline-offset-0', className)}>
      {all !== undefined && <option value="">{all}</option>}
      {options.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}
    </select>
  )
}
