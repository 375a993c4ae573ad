/** Takes one into the choice, or out of it. */
export function toggled(picked: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(picked)
  if (!next.delete(id)) next.add(id)
  return next
}

/** Takes all between two rows into the choice, in whatever order they were clicked. */
export function withRange(picked: ReadonlySet<string>, ids: string[], from: string, to: string): ReadonlySet<string> {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)]
  if (a < 0 || b < 0) return toggled(picked, to)
  return new Set([...picked, ...ids.slice(Math.min(a, b), Math.max(a, b) + 1)])
}

/** Does something for each, a few at a time, and returns those for which it failed. Told after each how many are done. */
export async function forEach(ids: string[], work: (id: string) => Promise<unknown>, done: (n: number) => void, atOnce = 4): Promise<string[]> {
  const failed: string[] = []
  const waiting = [...ids]
  let finished = 0
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const one = id
      await work(one).catch(() => failed.push(one))
      done(++finished)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker))
  return failed
}
