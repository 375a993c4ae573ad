import { Link, Outlet } from '@tanstack/react-router'
import { usePerson } from '@/components/person'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { useWide } from '@/lib/use-wide'
import { sectionFor, type Group } from '../sections'

const row = 'rounded-control px-3 py-1.5 font-medium whitespace-nowrap text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-brand-soft aria-[current=page]:text-brand-strong'

/** The management has pages of its own: their names at the left, or above where there is no room. */
export function Manage() {
  const wide = useWide(1000)
  const groups = sectionFor(usePerson().role)
  return (
    <div className={cx('flex h-full min-w-0', !wide && 'flex-col')}>
      <Names groups={groups} wide={wide} />
      <div className="min-h-0 min-w-0 flex-1"><Outlet /></div>
    </div>
  )
}

function Names({ groups, wide }: { groups: Group[]; wide: boolean }) {
  const { sections, section } = useTexts(pageTexts)
  if (!wide) {
    return (
      <nav aria-label={sections} className="flex shrink-0 gap-1 overflow-x-auto border-b border-line bg-paper px-3 py-2 [scrollbar-width:none]">
        {groups.flatMap((g) => g.pages).map((page) => <Link key={page.to} to={page.to} className={row}>{section[page.name]}</Link>)}
      </nav>
    )
  }
  return (
    <nav aria-label={sections} className="flex w-52 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line bg-paper px-3 py-5">
      {groups.map((g) => (
        <div key={g.name ?? ''} className="flex flex-col gap-0.5">
          {g.name && <p className="px-3 pb-1 text-small text-faint">{section[g.name]}</p>}
          {g.pages.map((page) => <Link key={page.to} to={page.to} className={row}>{section[page.name]}</Link>)}
        </div>
      ))}
    </nav>
  )
}
