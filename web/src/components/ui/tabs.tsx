import { Tabs as Base } from '@base-ui/react/tabs'
import { useI18n } from '@/lib/i18n/i18n'

type Tab<T extends string> = { value: T; label: string; count?: number | undefined }
type Props<T extends string> = { label: string; value: T | ''; onChange: (v: T) => void; tabs: Tab<T>[] }

/** Which part of something is shown; none where it is no part. They scroll sideways where there is no room. */
export function Tabs<T extends string>({ label, value, onChange, tabs }: Props<T>) {
  const { format } = useI18n()
  return (
    <Base.Root value={value === '' ? null : value} onValueChange={(v: T | null) => v !== null && onChange(v)}>
      <Base.List aria-label={label} className="flex gap-1 overflow-x-auto p-0.5 [scrollbar-width:none]">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-8 shrink-0 items-center gap-1.5 rounded-full bg-ground px-2.5 text-small font-medium text-soft transition-colors hover:text-ink data-[active]:bg-brand-soft data-[active]:text-brand-strong"
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <span className="tabular font-semibold text-ink">{format.number(tab.count)}</span>}
          </Base.Tab>
        ))}
      </Base.List>
    </Base.Root>
  )
}
