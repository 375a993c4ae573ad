import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useI18n } from '@/lib/i18n/i18n'
import { Refusal } from './form'

type Props = { title: string; lead: string; action: string; danger?: boolean; busy: boolean; error: unknown; disabled?: boolean; onConfirm: () => void; onClose: () => void; children?: ReactNode }

/** Asks before something that cannot be taken back easily. It stays until it was done, or says why not. */
export function Confirm({ title, lead, action, danger, busy, error, disabled, onConfirm, onClose, children }: Props) {
  const { t } = useI18n()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} lead={lead}>
      <div className="flex flex-col gap-4">
        {children}
        <Refusal error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>{t.cancel}</Button>
          <Button look={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled} onClick={onConfirm}>{action}</Button>
        </div>
      </div>
    </Dialog>
  )
}
