import { useQuery } from '@tanstack/react-query'
import { Bookmark, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { noFilter, type ListFilter } from '@/api/desk-keys'
import { tagsQuery, teamQuery } from '@/api/team'
import { Button, IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { forget, save, useSaved } from './saved'

type Props = { filter: ListFilter; units: string[]; me: string; isBoard: boolean; onChange: (f: ListFilter) => void }

/** Everything by which conversations can be chosen, and the choices that somebody named. */
export function FilterPanel({ filter: f, units, me, isBoard, onChange }: Props) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const team = useQuery(teamQuery)
  const tags = useQuery(tagsQuery)
  const colleagues = team.data?.filter((one) => one.isActive && one.id !== me) ?? []
  return (
    <div className="flex flex-col gap-2.5 rounded-lg border border-line bg-hover p-3">
      <div className="grid grid-cols-2 gap-2">
        <Choice label={d.filter.who} value={f.who} onChange={(who) => onChange({ ...f, who })} all={d.filter.anybody}>
          <option value="me">{d.filter.me}</option>
          <option value="none">{d.filter.nobody}</option>
          {colleagues.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </Choice>
        {!isBoard && (
          <Choice label={t.guest.status} value={f.status} onChange={(status) => onChange({ ...f, status })} all={d.filter.goingOn}>
          {['BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING', 'CLOSED'].map((one) => <option key={one} value={one}>{t.status[one]}</option>)}
        </Choice>
        )}
        {units.length > 1 && (
          <Choice label={t.list.unit} value={f.unit} onChange={(unit) => onChange({ ...f, unit })} all={t.list.allUnits}>
            {units.map((unit) => <option key={unit} value={unit}>{unit}</option>)}
          </Choice>
        )}
        <Choice label={t.guest.priority} value={f.priority} onChange={(priority) => onChange({ ...f, priority })} all={d.filter.any}>
          {['URGENT', 'HIGH', 'MEDIUM', 'LOW'].map((one) => <option key={one} value={one}>{t.priority[one]}</option>)}
        </Choice>
        <Choice label={t.filter.tag} value={f.tag} onChange={(tag) => onChange({ ...f, tag })} all={d.filter.any}>
          {tags.data?.map((tag) => <option key={tag.id} value={tag.id}>{tag.name}</option>)}
        </Choice>
        <Choice label={d.filter.sort} value={f.sort === 'oldest' ? f.sort : ''} onChange={(sort) => onChange({ ...f, sort: sort === 'oldest' ? 'oldest' : 'recent' })} all={d.filter.recent}>
          <option value="oldest">{d.filter.oldest}</option>
        </Choice>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        <Tick label={d.filter.unread} value={f.unread} onChange={(unread) => onChange({ ...f, unread })} />
        <Tick label={t.filter.opportunity} value={f.opportunity} onChange={(opportunity) => onChange({ ...f, opportunity })} />
        <Tick label={t.filter.closing} value={f.closing} onChange={(closing) => onChange({ ...f, closing })} />
      </div>
      <SavedFilters filter={f} me={me} onChange={onChange} />
    </div>
  )
}

function Choice(p: { label: string; value: string; all: string; onChange: (v: string) => void; children: ReactNode }) {
  return (
    <label className="flex min-w-0 flex-col gap-1 text-small text-soft">
      {p.label}
      <select value={p.value} onChange={(e) => p.onChange(e.target.value)} className="h-8 w-full rounded-control border border-line-strong bg-paper px-1.5 text-base text-ink">
        <option value="">{p.all}</option>
        {p.children}
      </select>
    </label>
  )
}

function Tick({ label, value, onChange }: { label: string; value: boolean; onChange: (v: boolean) => void }) {
  return (
    <label className="flex min-h-6 items-center gap-1.5 text-small">
      <input type="checkbox" checked={value} onChange={(e) => onChange(e.target.checked)} className="size-4 accent-(--brand)" />
      {label}
    </label>
  )
}

function SavedFilters({ filter, me, onChange }: Omit<Props, 'units' | 'isBoard'>) {
  const d = useTexts(deskTexts)
  const saved = useSaved(me)
  const [name, setName] = useState<string>()
  const keep = () => {
    if (name?.trim()) save(me, { name: name.trim(), filter: { ...filter, search: '' } })
    setName(undefined)
  }
  return (
    <div className="flex flex-col gap-1 border-t border-line pt-2">
      {saved.length > 0 && (
        <ul aria-label={d.filter.saved}>
          {saved.map((one) => (
            <li key={one.name} className="flex items-center">
              <button type="button" onClick={() => onChange({ ...one.filter, search: filter.search })} className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-left hover:bg-ground">
                <Bookmark className="size-4 shrink-0 text-brand" /><span className="truncate">{one.name}</span>
              </button>
              <IconButton label={d.filter.forget(one.name)} onClick={() => forget(me, one.name)} className="size-8"><Trash2 className="size-4" /></IconButton>
            </li>
          ))}
        </ul>
      )}
      {name === undefined
        ? (
            <div className="flex justify-between gap-2">
              <Button look="quiet" className="h-8 px-2" onClick={() => setName('')}><Bookmark className="size-4" />{d.filter.save}</Button>
              <Button look="quiet" className="h-8 px-2" onClick={() => onChange({ ...noFilter, search: filter.search })}>{d.filter.clear}</Button>
            </div>
          )
        : (
            <form className="flex gap-1.5" onSubmit={(e) => { e.preventDefault(); keep() }}>
              <input autoFocus value={name} maxLength={40} aria-label={d.filter.name} placeholder={d.filter.name} onChange={(e) => setName(e.target.value)} onKeyDown={(e) => e.key === 'Escape' && setName(undefined)} className="h-8 min-w-0 flex-1 rounded-control border border-line-strong bg-paper px-2" />
              <Button type="submit" look="primary" className="h-8" disabled={name.trim() === ''}>{d.filter.keep}</Button>
            </form>
          )}
    </div>
  )
}
