/** The top of an axis: the next round number, never zero. */
export function ceilingOf(most: number): number {
  if (most <= 5) return 5
  const unit = 10 ** Math.floor(Math.log10(most))
  return (([1, 2, 2.5, 5, 10] as const).find((x) => x * unit >= most) ?? 10) * unit
}

/** Every how-manieth label is written, so that about a dozen fit. */
export const showsEvery = (count: number) => Math.max(1, Math.ceil(count / 12))

export type Day = { date: string; totalConversations: number }

/** Sums of seven days each, from the first; what is left over is the last. A long period is read by weeks. */
export function weeksOf<T extends Day>(days: T[]): { from: string; to: string; value: number }[] {
  const weeks = []
  for (let i = 0; i < days.length; i += 7) {
    const week = days.slice(i, i + 7)
    weeks.push({ from: week[0]?.date ?? '', to: week.at(-1)?.date ?? '', value: week.reduce((sum, d) => sum + d.totalConversations, 0) })
  }
  return weeks
}
