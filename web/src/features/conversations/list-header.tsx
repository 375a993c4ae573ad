import { Search, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { Folder, ListFilter } from '@/api/desk-keys'
import { IconButton } from '@/components/ui/button'
import { Tabs } from '@/components/ui/tabs'
import { useI18n } from '@/lib/i18n/i18n'

type Props = { filter: ListFilter; units: string[]; onChange: (f: ListFilter) => void; account?: ReactNode }

const folders: Folder[] = ['open', 'mine', 'unassigned', 'unread', 'closed']

export function ListHeader({ filter, units, onChange, account }: Props) {
  const { t } = useI18n()
  return (
    <header className="flex flex-col gap-2.5 border-b border-line px-3 pt-3 pb-2">
      <div className="flex h-9 items-center gap-2">
        <h1 className="flex-1 text-[1.25rem] font-semibold tracking-tight">{t.list.title}</h1>
        {units.length > 1 && <UnitChoice units={units} value={filter.unit} onChange={(unit) => onChange({ ...filter, unit })} />}
        {account}
      </div>
      <SearchBox value={filter.search} onChange={(search) => onChange({ ...filter, search })} />
      <Tabs label={t.list.filters} value={filter.folder} onChange={(folder) => onChange({ ...filter, folder })} tabs={folders.map((value) => ({ value, label: t.list.folder[value] }))} />
    </header>
  )
}

function UnitChoice({ units, value, onChange }: { units: string[]; value: string; onChange: (unit: string) => void }) {
  const { t } = useI18n()
  return (
    <select aria-label={t.list.unit} value={value} onChange={(e) => onChange(e.target.value)} className="h-9 max-w-40 rounded-control border border-line bg-paper px-2 text-small text-soft">
      <option value="">{t.list.allUnits}</option>
      {units.map((unit) => <option key={unit} value={unit}>{unit}</option>)}
    </select>
  )
}

const pause = 250 // of typing, before the server is asked

function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useI18n()
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text.trim() === value) return
    const timer = window.setTimeout(() => onChange(text.trim()), pause)
    return () => window.clearTimeout(timer)
  }, [text, value, onChange])
  const clear = () => {
    setText('')
    onChange('')
  }
  return (
    <div className="relative" role="search">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-faint" />
      <input
        type="search"
        aria-label={t.list.search}
        placeholder={t.list.search}
        value={text}
        maxLength={200}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && clear()}
        className="h-9 w-full rounded-full bg-ground pr-9 pl-9 outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== '' && <IconButton label={t.list.clearSearch} onClick={clear} className="absolute top-0 right-0"><X className="size-4" /></IconButton>}
    </div>
  )
}
