export type Row = { was: string; now: string }

/** What is sent of edited units: the list as it is to be, and which were only renamed, so that conversations follow. */
export function unitChanges(rows: Row[]): { units: string[]; renameUnits: { from: string; to: string }[] } {
  const named = rows.map((r) => ({ was: r.was, now: r.now.trim() })).filter((r) => r.now !== '')
  return { units: named.map((r) => r.now), renameUnits: named.filter((r) => r.was !== '' && r.was !== r.now).map((r) => ({ from: r.was, to: r.now })) }
}
