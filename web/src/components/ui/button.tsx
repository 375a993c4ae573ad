import type { ButtonHTMLAttributes } from 'react'
import { cx } from '@/lib/cx'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-brand text-on-brand hover:bg-brand-strong',
  plain: 'border border-line bg-paper text-ink hover:bg-hover',
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  danger: 'bg-danger text-paper hover:opacity-90',
}

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; busy?: boolean }

export function Button({ look = 'plain', busy, className, disabled, children, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        'inline-flex h-9 shrink-0 items-center justify-center gap-1.5 rounded-control px-3 font-medium whitespace-nowrap transition-colors disabled:opacity-60',
        looks[look], className,
      )}
    >
      {children}
    </button>
  )
}

/** A button that shows only an icon; its label is said aloud and shown on hover. */
export function IconButton({ label, className, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      {...rest}
      type="button"
      aria-label={label}
      title={label}
      className={cx('inline-flex size-9 shrink-0 items-center justify-center rounded-full text-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-50', className)}
    >
      {children}
    </button>
  )
}
