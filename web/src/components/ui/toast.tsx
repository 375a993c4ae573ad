import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'

const manager = Base.createToastManager()

type Action = { label: string; run: () => void }

/** Says shortly that something was done, or why not. An action, such as undoing it, is offered a while longer. */
export function toast(text: string, kind: 'done' | 'failed' = 'done', action?: Action) {
  const id = manager.add({
    title: text, type: kind, timeout: kind === 'done' && !action ? 3500 : 8000, priority: kind === 'done' ? 'low' : 'high',
    ...(action && { actionProps: { children: action.label, onClick: () => { manager.close(id); action.run() } } }),
  })
}

export function ToastProvider({ closeLabel, children }: { closeLabel: string; children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={2}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed bottom-20 left-1/2 z-50 flex w-[min(26rem,calc(100vw-2rem))] -translate-x-1/2 flex-col gap-2 sm:bottom-6">
          <Shown closeLabel={closeLabel} />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}

function Shown({ closeLabel }: { closeLabel: string }) {
  const { toasts } = Base.useToastManager()
  return toasts.map((shown) => (
    <Base.Root
      key={shown.id}
      toast={shown}
      className="flex items-center gap-3 rounded-lg bg-ink px-4 py-2.5 text-paper shadow-lifted data-[type=failed]:bg-danger"
    >
      <Base.Title className="min-w-0 flex-1" />
      {shown.actionProps && <Base.Action className="shrink-0 rounded px-2 py-1 font-semibold underline underline-offset-2" />}
      <Base.Close aria-label={closeLabel} className="rounded p-1 opacity-80 hover:opacity-100"><X className="size-4" /></Base.Close>
    </Base.Root>
  ))
}
