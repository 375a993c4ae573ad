import type { ContactRow } from '@/api/page-types'

type Written = { name: string; phoneNumber: string; email: string; firstName: string; lastName: string; companyName: string; designation: string }

/** What is sent of a form: of a known contact what changed, of a new one what was filled in. Fields that were emptied are
 * taken away; a name and an address are never empty, and nobody's phone changes. */
export function bodyOf(now: Written, before: ContactRow | undefined): Record<string, string | null> {
  const body: Record<string, string | null> = {}
  for (const [key, value] of Object.entries(now) as [keyof Written, string][]) {
    const text = value.trim()
    if (before === undefined ? text === '' : key === 'phoneNumber' || text === (before[key] ?? '')) continue
    if (text !== '') body[key] = text
    else if (key !== 'email' && key !== 'name') body[key] = null
  }
  return body
}
