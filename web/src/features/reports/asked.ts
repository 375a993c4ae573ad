import { withParams } from '@/api/page'
import type { Filters } from '@/components/page/use-filters'

export type Asked = { period: string; startDate: string; endDate: string; hotelUnit: string }

/** What the filters of the page ask for. Until both dates are chosen, the usual period is shown. */
export function askedOf(f: Filters): Asked {
  const hotelUnit = f.unit ?? ''
  if (f.period !== 'custom') return { period: f.period ?? '30d', startDate: '', endDate: '', hotelUnit }
  const isWhole = f.from !== undefined && f.until !== undefined && f.from <= f.until
  return isWhole ? { period: '', startDate: f.from ?? '', endDate: f.until ?? '', hotelUnit } : { period: '30d', startDate: '', endDate: '', hotelUnit }
}

export const addressOf = (report: string, asked: Asked, more: Record<string, string | number> = {}) => withParams(`/api/reports/${report}`, { ...asked, ...more })
