import { noFilter, type ListFilter } from '@/api/desk-keys'

/** What of the desk stands in the address: it can be kept, sent to a colleague, and gone back to. */
export type DeskSearch = {
  who?: string; status?: string; unread?: true; unit?: string; tag?: string; priority?: string; opportunity?: true; closing?: true
  sort?: 'oldest'; q?: string; message?: string; view?: 'board'
}

const texts = ['who', 'status', 'unit', 'tag', 'priority', 'q', 'message'] as const
const flags = ['unread', 'opportunity', 'closing'] as const

export function readSearch(raw: Record<string, unknown>): DeskSearch {
  const search: DeskSearch = {}
  for (const key of texts) {
    const value = raw[key]
    if (typeof value === 'string' && value !== '') search[key] = value
    if (typeof value === 'number') search[key] = String(value)
  }
  for (const key of flags) if (raw[key] === true) search[key] = true
  if (raw.sort === 'oldest') search.sort = 'oldest'
  if (raw.view === 'board') search.view = 'board'
  return search
}

export function filterOf(s: DeskSearch): ListFilter {
  const { q, message: _, view: __, ...rest } = s
  return { ...noFilter, ...rest, search: q ?? '' }
}

/** Only what differs from the usual stands in the address. */
export function searchOf(f: ListFilter, view?: DeskSearch['view']): DeskSearch {
  const { search, ...rest } = f
  return readSearch({ ...rest, q: search, view })
}
