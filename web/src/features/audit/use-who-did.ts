import type { AuditLog } from '@/api/page-types'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'

/** Who did it, by name where somebody did. */
export function useWhoDid() {
  const { audit: a } = useTexts(reportTexts)
  return (entry: AuditLog): string => {
    if (entry.user) return entry.user.name
    if (/bot|flow|key|n8n/i.test(entry.actor)) return a.flow
    return /operator|platform|cli/i.test(entry.actor) ? a.operator : a.system
  }
}
