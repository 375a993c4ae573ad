import { useSyncExternalStore } from 'react'
import { chooseHotel, chosenHotel, onHotelChange } from '@/api/hotel'
import { queryClient } from '@/api/query-client'
import { usePerson } from '@/components/person'

/** Which hotel the pages show: a person's own, or the one that somebody of the platform chose. */
export function useHotel(): { slug: string; isChosen: boolean } {
  const user = usePerson()
  const slug = useSyncExternalStore(onHotelChange, chosenHotel)
  return { slug, isChosen: user.tenantId !== null || slug !== '' }
}

/** Looks at another hotel; nothing of the one before stays on the screen. */
export function goToHotel(slug: string) {
  chooseHotel(slug)
  queryClient.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' })
}
