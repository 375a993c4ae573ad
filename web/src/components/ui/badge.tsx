import type { ReactNode } from 'react'
import { cx } from '@/lib/cx'

export type Tone = 'plain' | 'brand' | 'bot' | 'warn' | 'danger'

const tones: Record<Tone, string> = {
  plain: 'bg-ground text-soft',
  brand: 'bg-brand-soft text-brand-strong',
  bot: 'bg-bubble-bot text-bot',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
}

/** A short word about something, in a tone that says how much it matters. */
export function Badge({ tone = 'plain', title, className, children }: { tone?: Tone; title?: string | undefined; className?: string; children: ReactNode }) {
  return (
    <span title={title} className={cx('inline-flex h-5 min-w-0 items-center gap-1 [&>svg]:shrink-0 rounded-full px-2 text-tiny font-medium whitespace-nowrap', tones[tone], className)}>
      {children}
    </span>
  )
}
