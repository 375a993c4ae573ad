import type { ReactNode } from 'react'

/** What a pane says instead of content: nothing there, or why not. */
export function Notice({ icon, title, hint, children }: { icon?: ReactNode; title: string; hint?: string | undefined; children?: ReactNode }) {
  return (
    <div className="m-auto flex max-w-72 flex-col items-center gap-2 p-6 text-center">
      {icon && <div className="mb-1 text-faint">{icon}</div>}
      <p className="font-medium">{title}</p>
      {hint && <p className="text-soft">{hint}</p>}
      {children}
    </div>
  )
}
