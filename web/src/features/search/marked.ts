export type Mark = { start: number; length: number }
export type Part = { text: string; isFound: boolean }

/** Cuts a text where the words are that were found. */
export function parts(text: string, marks: Mark[]): Part[] {
  const out: Part[] = []
  let at = 0
  for (const m of marks) {
    if (m.start < at || m.start + m.length > text.length) continue
    if (m.start > at) out.push({ text: text.slice(at, m.start), isFound: false })
    out.push({ text: text.slice(m.start, m.start + m.length), isFound: true })
    at = m.start + m.length
  }
  if (at < text.length) out.push({ text: text.slice(at), isFound: false })
  return out
}
