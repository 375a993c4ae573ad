// Times that people choose for a message that is to leave later. Pure.
const hour = 3_600_000

/** As a field for date and time wants it: in the person's own time zone, to the minute. */
export function localValue(d: Date): string {
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export type Suggestion = { name: 'inAnHour' | 'tomorrow' | 'monday'; at: Date }

/** In an hour, tomorrow at nine, on Monday at nine. */
export function suggestedTimes(now: Date): Suggestion[] {
  const atNine = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9)
  return [
    { name: 'inAnHour', at: new Date(now.getTime() + hour) },
    { name: 'tomorrow', at: atNine(1) },
    { name: 'monday', at: atNine((8 - now.getDay()) % 7 || 7) },
  ]
}
