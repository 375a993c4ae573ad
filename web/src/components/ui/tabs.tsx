import { Tabs as Base } from '@base-ui/react/tabs'

type Props<T extends string> = { label: string; value: T; onChange: (v: T) => void; tabs: { value: T; label: string }[] }

/** Which part of something is shown. They scroll sideways where there is no room. */
export function Tabs<T extends string>({ label, value, onChange, tabs }: Props<T>) {
  return (
    <Base.Root value={value} onValueChange={(v: T) => onChange(v)}>
      <Base.List aria-label={label} className="flex gap-1 overflow-x-auto p-0.5 [scrollbar-width:none]">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="h-8 shrink-0 rounded-full bg-ground px-2.5 text-small font-medium text-soft transition-colors hover:text-ink data-[active]:bg-brand-soft data-[active]:text-brand-strong"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
    </Base.Root>
  )
}
