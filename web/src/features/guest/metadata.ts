/** What is written about a guest beyond the fixed fields: notes, and fields of the hotel's own. */
export type Field = { name: string; value: string }

type Metadata = Record<string, unknown>

const asObject = (metadata: unknown): Metadata => (typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata as Metadata : {})

/** The notes as a text. Older programs keep a list of them. */
export function notesIn(metadata: unknown): string {
  const { notes } = asObject(metadata)
  if (typeof notes === 'string') return notes
  if (!Array.isArray(notes)) return ''
  return notes.map((note) => String((note as { content?: unknown } | null)?.content ?? '')).filter((text) => text !== '').join('\n')
}

/** The fields that people can read and change; what programs keep in other shapes is left alone. */
export const fieldsIn = (metadata: unknown): Field[] => Object.entries(asObject(metadata))
  .filter(([name, value]) => name !== 'notes' && ['string', 'number', 'boolean'].includes(typeof value))
  .map(([name, value]) => ({ name, value: String(value) }))

/** Everything with other notes. The server replaces the whole, so that the rest must go along. */
export const withNotes = (metadata: unknown, notes: string): Metadata => ({ ...asObject(metadata), notes })

export const withField = (metadata: unknown, { name, value }: Field): Metadata => withText(metadata, { ...asObject(metadata), [name]: value })

export function withoutField(metadata: unknown, name: string): Metadata {
  const { [name]: _, ...rest } = asObject(metadata)
  return withText(metadata, rest)
}

/** Notes go back as the text that they are. */
const withText = (before: unknown, after: Metadata): Metadata => ('notes' in after ? { ...after, notes: notesIn(before) } : after)
