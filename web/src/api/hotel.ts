// Which hotel a person of the platform looks at. People of a hotel have theirs and send nothing.
const key = 'botreserva.hotel'
const listeners = new Set<() => void>()

export const chosenHotel = () => localStorage.getItem(key) ?? ''

/** Looks at another hotel; at none with the empty name. */
export function chooseHotel(slug: string) {
  if (slug === '') localStorage.removeItem(key)
  else localStorage.setItem(key, slug)
  listeners.forEach((tell) => tell())
}

export function onHotelChange(listen: () => void) {
  listeners.add(listen)
  return () => {
    listeners.delete(listen)
  }
}
