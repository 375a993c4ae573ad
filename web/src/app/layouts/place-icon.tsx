import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { EscalationStats } from '@/api/page-types'
import { useI18n } from '@/lib/i18n/i18n'
import { useHotel } from '../hotel'
import type { placesFor } from '../places'

/** A place's picture; at the escalations with how many guests wait for a person. */
export function PlaceIcon({ place }: { place: ReturnType<typeof placesFor>[number] }) {
  return (
    <span className="relative">
      <place.icon aria-hidden="true" className="size-5" />
      {place.counts === 'escalations' && <Pending />}
    </span>
  )
}

function Pending() {
  const { t } = useI18n()
  const stats = useQuery({ ...pageQuery<EscalationStats>(['escalations', 'stats'], '/api/escalations/stats'), enabled: useHotel().isChosen })
  const count = stats.data?.pending ?? 0
  if (count === 0) return null
  return (
    <span role="img" aria-label={t.nav.pending(count)} className="tabular absolute -top-1.5 left-3 inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-danger px-1 text-[0.625rem] font-semibold text-paper">
      {count > 99 ? '99+' : count}
    </span>
  )
}
