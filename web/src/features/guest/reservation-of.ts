import type { Conversation } from '@/api/types'

export type Outcome = 'OPEN' | 'WON' | 'LOST'

export type Reservation = {
  checkIn: string; checkOut: string; adults: number; children: number; hotelUnit: string; room: string; valueCents: number; outcome: Outcome; reason: string
}

/** What a guest wants to book, if it was written down. Programs may have put anything into a conversation's metadata. */
export function reservationOf(c: Pick<Conversation, 'metadata'>): Reservation | undefined {
  const r = (c.metadata as { reservation?: Partial<Reservation> } | null)?.reservation
  if (typeof r !== 'object' || r === null || !['OPEN', 'WON', 'LOST'].includes(r.outcome ?? '')) return undefined
  const { checkIn = '', checkOut = '', adults = 1, children = 0, hotelUnit = '', room = '', valueCents = 0, outcome = 'OPEN', reason = '' } = r
  return { checkIn, checkOut, adults, children, hotelUnit, room, valueCents, outcome, reason }
}

/** Nights between two days. */
export const nights = (r: Pick<Reservation, 'checkIn' | 'checkOut'>) => Math.round((Date.parse(r.checkOut) - Date.parse(r.checkIn)) / 86_400_000)
