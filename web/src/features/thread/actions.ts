import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiError, call } from '@/api/client'
import { deskKeys } from '@/api/desk-keys'
import type { Conversation, Message } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'

/** Calls that change a conversation. The answer is applied at once, as the event would be. */
export function useChangeConversation(c: Conversation | undefined, me: string) {
  const id = c?.id ?? ''
  const client = useQueryClient()
  const textOf = useErrorText()
  const { t } = useI18n()
  const put = (conversation: Conversation) => happened(client, { name: 'conversation:updated', body: { conversationId: id, conversation } }, me)
  const done = (said: string) => (conversation: Conversation) => {
    put(conversation)
    toast(said)
  }
  const onError = (e: Error) => toast(textOf(e), 'failed')
  const lock = (body: object) => call<Conversation>(`/api/conversations/${id}/ia-lock`, { method: 'PATCH', body })
  /** Somebody was faster: their name is looked up and said. */
  const tooLate = async (e: Error) => {
    if (!(e instanceof ApiError) || e.code !== 'conversation_taken') return onError(e)
    const now = await client.fetchQuery({ queryKey: deskKeys.card(id), queryFn: () => call<Conversation>(`/api/conversations/${id}`), staleTime: 0 })
    toast(t.ball.takenBy(now.assignedTo?.name ?? t.ball.person), 'failed')
  }
  return {
    takeOver: useMutation({ mutationFn: () => lock({ locked: true, version: c?.ball.version ?? 0 }), onSuccess: done(t.thread.tookOver), onError: (e) => void tooLate(e) }),
    handBack: useMutation({ mutationFn: (note: string) => lock({ locked: false, ...(note !== '' && { note }) }), onSuccess: done(t.thread.handedBack), onError }),
    close: useMutation({
      mutationFn: (reason: string) => call<Conversation>(`/api/conversations/${id}/close`, { method: 'POST', body: { reason } }), onSuccess: done(t.thread.closed), onError,
    }),
  }
}

/** Sends a failed message once more. */
export function useResend(me: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  return useMutation({
    mutationFn: (m: Message) => call<Message>(`/api/messages/${m.id}/resend`, { method: 'POST', body: { resends: m.resends ?? 0 } }),
    onSuccess: (message) => happened(client, { name: 'message:status', body: { messageId: message.id, status: 'PENDING' } }, me),
    onError: (e) => toast(textOf(e), 'failed'),
  })
}

/** Puts an emoji on a message; the empty one takes it back. */
export function useReact(conversation: string) {
  const client = useQueryClient()
  const textOf = useErrorText()
  return useMutation({
    mutationFn: (r: { message: string; emoji: string }) => call<Message>(`/api/conversations/${conversation}/messages/content`, {
      method: 'POST', body: { type: 'reaction', reaction: { messageId: r.message, emoji: r.emoji } }, idempotencyKey: crypto.randomUUID(),
    }),
    onSuccess: (message) => happened(client, { name: 'message:new', body: { message } }, ''),
    onError: (e) => toast(textOf(e), 'failed'),
  })
}
