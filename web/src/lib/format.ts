// How dates, times, lengths and sizes are written, everywhere the same.
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export type Formats = ReturnType<typeof make>

const made = new Map<string, Formats>()

export function formatsFor(language: string): Formats {
  const known = made.get(language)
  if (known) return known
  const formats = make(language)
  made.set(language, formats)
  return formats
}

function make(language: string) {
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' })
  const shortDay = new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit' })
  const longDay = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' })
  const full = new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const date = new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit', year: 'numeric' })
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'BRL' })
  const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  return {
    time: (iso: string) => time.format(new Date(iso)),
    full: (iso: string) => full.format(new Date(iso)),
    date: (iso: string) => date.format(new Date(iso)),
    /** A day of the calendar, as the server writes it: it has no zone. */
    day: (date: string) => shortDay.format(new Date(`${date.slice(0, 10)}T12:00:00`)),
    longDay: (d: Date) => longDay.format(d),
    money: (x: number) => money.format(x),
    number: (x: number) => decimal.format(x),
    /** When, in the width of a list: the time today, the day of this week, else the date. */
    when: (iso: string, now: number) => {
      const at = new Date(iso)
      const days = daysBetween(at, new Date(now))
      if (days <= 0) return time.format(at)
      return days < 7 ? weekday.format(at).replace('.', '') : shortDay.format(at)
    },
    /** How long, in the two largest units: "5 min", "3 h", "2 d". */
    span: (ms: number) => {
      if (ms < minute) return '< 1 min'
      if (ms < hour) return `${Math.floor(ms / minute)} min`
      return ms < 2 * day ? `${Math.floor(ms / hour)} h` : `${Math.floor(ms / day)} d`
    },
    /** A measured time in seconds: "40 s", "12 min", "3 h 05", "2,5 d". */
    lasting: (seconds: number) => {
      if (seconds < 60) return `${Math.round(seconds)} s`
      if (seconds < 3600) return `${Math.round(seconds / 60)} min`
      const minutes = Math.round(seconds / 60)
      return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}` : `${decimal.format(minutes / 1440)} d`
    },
    countdown: (ms: number) => {
      const minutes = Math.max(0, Math.floor(ms / minute))
      return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`
    },
    clock: (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`,
    size: (bytes: number) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${decimal.format(bytes / 1024 / 1024)} MB`),
  }
}

/** Whole days of the calendar from one moment to another. */
export function daysBetween(a: Date, b: Date): number {
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate())
  return Math.round((midnight(b) - midnight(a)) / day)
}
