export type Change = { field: string; before: unknown; after: unknown }

/** What an entry changed, field by field. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const old = asObject(before)
  const now = asObject(after)
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((field) => ({ field, before: old[field], after: now[field] }))
    .filter((c) => JSON.stringify(c.before) !== JSON.stringify(c.after))
}

const asObject = (x: unknown) => (typeof x === 'object' && x !== null && !Array.isArray(x) ? (x as Record<string, unknown>) : {})
