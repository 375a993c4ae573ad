import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { cx } from '@/lib/cx'

type Props = { open: boolean; onOpenChange: (open: boolean) => void; title: string; lead?: string; wide?: boolean; children: ReactNode }

/** A question or a picture over the page; Escape and a click beside it close it. */
export function Dialog({ open, onOpenChange, title, lead, wide, children }: Props) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/50" />
        <Base.Popup
          className={cx(
            'fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-xl bg-paper p-5 shadow-lifted outline-none',
            wide ? 'max-w-4xl' : 'max-w-md',
          )}
        >
          <Base.Title className="text-title font-semibold">{title}</Base.Title>
          {lead && <Base.Description className="mt-1 text-soft">{lead}</Base.Description>}
          <div className="mt-4">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
