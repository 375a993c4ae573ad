import { useQuery } from '@tanstack/react-query'
import { ListFilter as FilterIcon } from 'lucide-react'
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react'
import type { ListFilter } from '@/api/desk-keys'
import { IconButton } from '@/components/ui/button'
import { Tabs } from '@/components/ui/tabs'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { FilterChips } from './filter-chips'
import { countOf, folderOf, folders, inFolder } from './folders'
import { countsQuery } from './queries'
import { SearchBox } from './search-box'

const FilterPanel = lazy(() => import('./filter-panel').then((m) => ({ default: m.FilterPanel })))

type Props = { filter: ListFilter; units: string[]; me: string; onChange: (f: ListFilter) => void; isBoard?: boolean; actions?: ReactNode }

/** Which conversations are looked at. */
export function ListHeader({ filter, units, me, onChange, isBoard, actions }: Props) {
  const { t } = useI18n()
  const [open, setOpen] = useState(false)
  const counts = useQuery(countsQuery(filter))
  const search = useCallback((text: string) => onChange({ ...filter, search: text }), [filter, onChange])
  const panel = <Suspense fallback={null}><FilterPanel filter={filter} units={units} me={me} isBoard={isBoard === true} onChange={onChange} /></Suspense>
  return (
    <header className={cx('flex gap-2.5 border-b border-line bg-paper px-3 pt-3 pb-2', isBoard ? 'flex-col md:flex-row md:flex-wrap md:items-center' : 'flex-col')}>
      <div className="flex h-9 items-center gap-1">
        <h1 className="flex-1 pr-2 text-[1.25rem] font-semibold tracking-tight">{t.list.title}</h1>
        {actions}
      </div>
      <div className={cx('flex items-center gap-1', isBoard && 'md:w-80')}>
        <SearchBox value={filter.search} onChange={search} />
        <IconButton label={t.list.filters} aria-expanded={open} onClick={() => setOpen(!open)} className={cx(open && 'bg-brand-soft text-brand-strong')}><FilterIcon className="size-5" /></IconButton>
      </div>
      {!open && <FilterChips filter={filter} onChange={onChange} />}
      {open && !isBoard && panel}
      <Tabs
        label={t.list.folders}
        value={folderOf(isBoard ? { ...filter, status: '' } : filter) ?? ''}
        onChange={(folder) => onChange(inFolder(filter, folder))}
        tabs={folders.filter((value) => !isBoard || value !== 'closed').map((value) => ({ value, label: t.list.folder[value], count: countOf(counts.data, value) }))}
      />
      {open && isBoard && <div className="w-full md:max-w-xl">{panel}</div>}
    </header>
  )
}
