import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Contact, Conversation } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { happened } from '@/realtime/cache'

/** Changes a conversation. What comes back is shown at once, as the event would be. */
export function useChangeConversation(id: string, me: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  return useMutation({
    mutationFn: ({ path, method = 'POST', body }: { path: string; method?: string; body?: object }) => call<Conversation | undefined>(`/api/conversations/${id}${path}`, { method, ...(body && { body }) }),
    onSuccess: (conversation) => conversation?.id === id && happened(client, { name: 'conversation:updated', body: { conversationId: id, conversation } }, me),
    onError: (e) => toast(textOf(e), 'failed'),
  })
}

export type GuestChanges = Partial<{ name: string; firstName: string | null; lastName: string | null; companyName: string | null; designation: string | null; email: string; metadata: Record<string, unknown> }>

/** Changes what is written about a guest. */
export function useChangeGuest(id: string, me: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  return useMutation({
    mutationFn: (changes: GuestChanges) => call<Contact>(`/api/contacts/${id}`, { method: 'PATCH', body: changes }),
    onSuccess: (contact) => happened(client, { name: 'contact:updated', body: { contactId: id, contact } }, me),
    onError: (e) => toast(textOf(e), 'failed'),
  })
}
