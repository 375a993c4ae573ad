import { type ListFilter } from '@/api/desk-keys'
import type { Counts } from '@/api/types'

/** The lists that people go to all day. They set whose, which status and whether unread; other filters stay. */
export type Folder = 'open' | 'mine' | 'unassigned' | 'unread' | 'closed'

type Part = Pick<ListFilter, 'who' | 'status' | 'unread'>

const parts: Record<Folder, Part> = {
  open: { who: '', status: '', unread: false },
  mine: { who: 'me', status: '', unread: false },
  unassigned: { who: 'none', status: '', unread: false },
  unread: { who: '', status: '', unread: true },
  closed: { who: '', status: 'CLOSED', unread: false },
}

export const folders = Object.keys(parts) as Folder[]

/** The folder that a filter amounts to, if any. */
export const folderOf = (f: ListFilter): Folder | undefined => folders.find((name) => (Object.keys(parts[name]) as (keyof Part)[]).every((key) => parts[name][key] === f[key]))

export const inFolder = (f: ListFilter, folder: Folder): ListFilter => ({ ...f, ...parts[folder] })

/** How many a folder has; nothing is said of the closed ones, of which there are more each day. */
export function countOf(counts: Counts | undefined, folder: Folder): number | undefined {
  if (counts === undefined || folder === 'closed') return undefined
  return { open: counts.active, mine: counts.mine, unassigned: counts.unassigned, unread: counts.unread }[folder]
}

/** The filters that no folder sets: they are what the panel and its chips show. */
export type Narrowing = 'unit' | 'tag' | 'priority' | 'opportunity' | 'closing'

export const narrowed = (f: ListFilter): Narrowing[] => (['unit', 'tag', 'priority', 'opportunity', 'closing'] as const).filter((key) => f[key] !== '' && f[key] !== false)

export const without = (f: ListFilter, key: Narrowing): ListFilter => ({ ...f, [key]: key === 'opportunity' || key === 'closing' ? false : '' })
