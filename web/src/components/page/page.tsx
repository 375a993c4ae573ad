import type { ReactNode } from 'react'
import { cx } from '@/lib/cx'

/** A page outside the desk: its name, what one can do on it, and below it what it is about. */
export function Page({ title, lead, actions, narrow, children }: { title: string; lead?: string | undefined; actions?: ReactNode; narrow?: boolean; children: ReactNode }) {
  return (
    <main className="h-full overflow-y-auto bg-ground">
      <div className={cx('mx-auto flex w-full flex-col gap-4 px-4 py-5 sm:px-6 lg:py-6', narrow ? 'max-w-[52rem]' : 'max-w-[80rem]')}>
        <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
          <div className="min-w-0 flex-1 basis-64">
            <h1 className="text-[1.375rem] leading-8 font-semibold tracking-tight">{title}</h1>
            {lead && <p className="max-w-[44rem] text-soft">{lead}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </main>
  )
}

/** A part of a page on paper, with a heading of its own. */
export function Card({ title, lead, actions, className, children }: { title?: string; lead?: string | undefined; actions?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <section className={cx('rounded-xl border border-line bg-paper shadow-low', className)}>
      {title && (
        <header className="flex flex-wrap items-start gap-3 px-4 pt-4 sm:px-5">
          <div className="min-w-0 flex-1 basis-48">
            <h2 className="text-title font-semibold">{title}</h2>
            {lead && <p className="mt-0.5 text-soft">{lead}</p>}
          </div>
          {actions}
        </header>
      )}
      <div className="p-4 sm:p-5">{children}</div>
    </section>
  )
}

/** The row of filters above a table. */
export const Toolbar = ({ children }: { children: ReactNode }) => <div className="flex flex-wrap items-end gap-2">{children}</div>
