import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '@/api/client'
import type { Conversation, Message } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'

/** Calls that change a conversation. The answer is applied at once, as the event would be. */
export function useChangeConversation(id: string, me: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  const { t } = useI18n()
  const done = (said: string) => (conversation: Conversation) => {
    happened(client, { name: 'conversation:updated', body: { conversationId: id, conversation } }, me)
    toast(said)
  }
  const onError = (e: Error) => toast(textOf(e), 'failed')
  const lock = (locked: boolean) => call<Conversation>(`/api/conversations/${id}/ia-lock`, { method: 'PATCH', body: { locked } })
  const claim = async () => {
    await lock(true)
    return call<Conversation>(`/api/conversations/${id}`, { method: 'PATCH', body: { assignedToId: me } })
  }
  return {
    takeOver: useMutation({ mutationFn: claim, onSuccess: done(t.thread.tookOver), onError }),
    handBack: useMutation({ mutationFn: () => lock(false), onSuccess: done(t.thread.handedBack), onError }),
    close: useMutation({ mutationFn: () => call<Conversation>(`/api/conversations/${id}/close`, { method: 'POST' }), onSuccess: done(t.thread.closed), onError }),
  }
}

/** Sends a failed message once more. */
export function useResend(me: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  return useMutation({
    mutationFn: (id: string) => call<Message>(`/api/messages/${id}/resend`, { method: 'POST' }),
    onSuccess: (message) => happened(client, { name: 'message:status', body: { messageId: message.id, status: 'PENDING' } }, me),
    onError: (e) => toast(textOf(e), 'failed'),
  })
}
