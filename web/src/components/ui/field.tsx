import { useId, type InputHTMLAttributes, type ReactNode } from 'react'
import { cx } from '@/lib/cx'

type Props = InputHTMLAttributes<HTMLInputElement> & { label: string; error?: string | undefined; after?: ReactNode }

/** An input with its label above it and what is wrong below it. */
export function Field({ label, error, after, className, ...rest }: Props) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">{label}</label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          className={cx(
            'h-11 w-full rounded-control border bg-paper px-3 text-ink outline-offset-0', error ? 'border-danger' : 'border-line-strong',
            after !== undefined && 'pr-11', className,
          )}
        />
        {after !== undefined && <div className="absolute inset-y-0 right-1 flex items-center">{after}</div>}
      </div>
      {error && <p id={`${id}-error`} className="text-small text-danger">{error}</p>}
    </div>
  )
}
