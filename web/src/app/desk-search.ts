import type { Folder, ListFilter } from '@/api/desk-keys'

/** What of the desk stands in the address: it can be kept, sent to a colleague, and gone back to. */
export type DeskSearch = { folder?: Folder; unit?: string; q?: string }

const folders: Folder[] = ['open', 'mine', 'unassigned', 'unread', 'closed']

export function readSearch(raw: Record<string, unknown>): DeskSearch {
  const folder = folders.find((f) => f === raw.folder)
  return { ...(folder && { folder }), ...text('unit', raw.unit), ...text('q', raw.q) }
}

const text = (key: 'unit' | 'q', value: unknown): DeskSearch => (typeof value === 'string' && value !== '' ? { [key]: value } : typeof value === 'number' ? { [key]: String(value) } : {})

export const searchOf = (f: ListFilter): DeskSearch => ({
  ...(f.folder !== 'open' && { folder: f.folder }), ...(f.unit !== '' && { unit: f.unit }), ...(f.search !== '' && { q: f.search }),
})
