// Which hotel a person of the platform looks at. People of a hotel have theirs and send nothing.
const key = 'botreserva.hotel'

export const chosenHotel = () => localStorage.getItem(key) ?? ''
export const chooseHotel = (slug: string) => localStorage.setItem(key, slug)
