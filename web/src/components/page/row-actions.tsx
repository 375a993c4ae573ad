import { Pencil, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'

/** What can be done with a row. Each button says aloud with which. */
export function RowActions({ name, onEdit, onRemove, children }: { name: string; onEdit?: () => void; onRemove?: () => void; children?: ReactNode }) {
  const p = useTexts(pageTexts)
  return (
    <div className="-my-1.5 flex justify-end gap-0.5">
      {children}
      {onEdit && <IconButton label={`${p.edit}: ${name}`} onClick={onEdit}><Pencil className="size-4" /></IconButton>}
      {onRemove && <IconButton label={`${p.remove}: ${name}`} onClick={onRemove}><Trash2 className="size-4" /></IconButton>}
    </div>
  )
}
