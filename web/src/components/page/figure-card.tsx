import type { ReactNode } from 'react'
import { cx } from '@/lib/cx'

type Tone = 'plain' | 'bot' | 'warn' | 'danger'
const tones: Record<Tone, string> = { plain: 'text-ink', bot: 'text-bot', warn: 'text-warn', danger: 'text-danger' }

/** One number with its name, and what helps to read it. */
export function Figure({ name, value, note, tone = 'plain' }: { name: string; value: ReactNode; note?: ReactNode; tone?: Tone }) {
  return (
    <div className="flex flex-col rounded-xl border border-line bg-paper px-4 py-3 shadow-low">
      <dt className="text-soft">{name}</dt>
      <dd className="m-0"><span className={cx('tabular block text-[1.625rem] leading-9 font-semibold tracking-tight', tones[tone])}>{value}</span>{note && <span className="tabular block text-small text-soft">{note}</span>}</dd>
    </div>
  )
}
