/** A text as it is compared: without case and accents. */
export const folded = (text: string) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase()

/** The commands whose words begin with what was typed, in their order; those first where the first word does. */
export function ranked<C extends { label: string }>(commands: C[], typed: string): C[] {
  const wanted = folded(typed).split(/\s+/).filter((w) => w !== '')
  if (wanted.length === 0) return commands
  const scored = commands.map((command, i) => ({ command, i, score: score(folded(command.label), wanted) })).filter((s) => s.score > 0)
  return scored.toSorted((a, b) => b.score - a.score || a.i - b.i).map((s) => s.command)
}

function score(label: string, wanted: string[]): number {
  const words = label.split(/[^\p{L}\p{N}]+/u)
  if (!wanted.every((w) => words.some((word) => word.startsWith(w)))) return 0
  return words[0]?.startsWith(wanted[0] ?? '') ? 2 : 1
}
