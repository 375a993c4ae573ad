/** Reads a sum of reais as people write it, in cents: "1.234,50", "1234.5", "R$ 90". Undefined if it is none. */
export function centsOf(text: string): number | undefined {
  const digits = text.replace(/R\$|\s/g, '')
  if (digits === '') return 0
  if (!/^\d[\d.,]*$/.test(digits)) return undefined
  const mark = /[.,](\d{1,2})$/.exec(digits) // one or two digits behind the last mark are cents; three are thousands
  const whole = (mark ? digits.slice(0, mark.index) : digits).replace(/[.,]/g, '')
  const cents = Number(whole) * 100 + Number((mark?.[1] ?? '').padEnd(2, '0') || 0)
  return Number.isSafeInteger(cents) && cents <= 100_000_000_000 ? cents : undefined
}

/** Cents as they are typed. */
export const typed = (cents: number) => (cents === 0 ? '' : (cents / 100).toFixed(2).replace('.', ','))
