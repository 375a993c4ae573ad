import { call } from '@/api/client'
import type { Conversation } from '@/api/types'

/** The conversation in which a guest is to be read: the last one, or a new one where there is none. */
export async function conversationOf(guest: { id: string; phoneNumber: string }): Promise<string> {
  const talks = await call<{ data: { id: string }[] }>(`/api/contacts/${guest.id}/conversations?limit=1`)
  if (talks.data[0]) return talks.data[0].id
  const begun = await call<Conversation>('/api/conversations', { method: 'POST', body: { contactPhoneNumber: guest.phoneNumber, source: 'manual' } })
  return begun.id
}
