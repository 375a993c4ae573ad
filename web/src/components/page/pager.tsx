import { ChevronLeft, ChevronRight } from 'lucide-react'
import { IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'

type Props = { page: number; limit: number; total: number; onPage: (page: number) => void }

/** Which rows of how many are shown, and the way to the others. */
export function Pager({ page, limit, total, onPage }: Props) {
  const p = useTexts(pageTexts)
  if (total === 0) return null
  const pages = Math.max(1, Math.ceil(total / limit))
  return (
    <nav aria-label={p.pageLabel} className="flex items-center justify-end gap-1 text-soft">
      <span className="tabular mr-2 text-small" role="status">{p.of((page - 1) * limit + 1, Math.min(page * limit, total), total)}</span>
      {pages > 1 && (
        <>
          <IconButton label={p.previous} disabled={page <= 1} onClick={() => onPage(page - 1)}><ChevronLeft className="size-5" /></IconButton>
          <IconButton label={p.next} disabled={page >= pages} onClick={() => onPage(page + 1)}><ChevronRight className="size-5" /></IconButton>
        </>
      )}
    </nav>
  )
}
