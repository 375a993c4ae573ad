import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { ListFilter } from '@/api/desk-keys'
import { tagsQuery } from '@/api/team'
import { useI18n } from '@/lib/i18n/i18n'
import { narrowed, without, type Narrowing } from './folders'

type Props = { filter: ListFilter; onChange: (f: ListFilter) => void }

/** What narrows the list, each to be taken away with a click. */
export function FilterChips({ filter, onChange }: Props) {
  const { t } = useI18n()
  const tags = useQuery({ ...tagsQuery, enabled: filter.tag !== '' })
  const keys = narrowed(filter)
  if (keys.length === 0) return null
  const words: Record<Narrowing, string> = {
    unit: filter.unit, tag: tags.data?.find((one) => one.id === filter.tag)?.name ?? t.filter.tag, priority: t.priorityLabel(t.priority[filter.priority] ?? ''),
    opportunity: t.filter.opportunity, closing: t.filter.closing,
  }
  return (
    <ul aria-label={t.filter.chosen} className="flex flex-wrap gap-1.5">
      {keys.map((key) => (
        <li key={key}>
          <button type="button" onClick={() => onChange(without(filter, key))} title={t.filter.remove(words[key])} aria-label={t.filter.remove(words[key])} className="flex h-7 max-w-48 items-center gap-1 rounded-full bg-brand-soft pr-1.5 pl-2.5 text-small font-medium text-brand-strong hover:bg-chosen">
            <span className="truncate">{words[key]}</span><X className="size-3.5 shrink-0" />
          </button>
        </li>
      ))}
    </ul>
  )
}
