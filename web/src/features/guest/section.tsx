import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'

/** A part of the panel that can be folded away. */
export function Section({ title, open = true, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details open={open} className="group border-b border-line">
      <summary className="flex h-11 cursor-pointer list-none items-center gap-2 px-4 font-semibold -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <span className="flex-1">{title}</span>
        <ChevronDown aria-hidden="true" className="size-4 text-faint transition-transform group-open:rotate-180" />
      </summary>
      <div className="px-4 pb-4">{children}</div>
    </details>
  )
}

export const input = 'h-8 w-full min-w-0 rounded-control border border-line-strong bg-paper px-2 text-base text-ink'

/** A name above what it names. */
export function Row({ name, children }: { name: string; children: ReactNode }) {
  return <label className="flex min-w-0 flex-col gap-0.5 text-small text-soft">{name}{children}</label>
}
