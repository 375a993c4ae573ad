import { RotateCw, Trash2 } from 'lucide-react'
import { ApiError } from '@/api/client'
import type { Message } from '@/api/types'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { discard, sendAgain, useOutgoing } from '@/outgoing/outgoing'
import { useResend } from './actions'

/** Why a message was not sent, and what can be done: with one that only this screen has, or one that WhatsApp refused. */
export function Failed({ message: m, me }: { message: Message; me: string }) {
  const { t, language } = useI18n()
  const textOf = useErrorText()
  const own = useOutgoing(m.conversationId).find((o) => o.clientId === m.id)
  const resend = useResend(me)
  const said = language === 'pt-BR' ? m.failure?.message : m.failure?.messageEn ?? m.failure?.message
  const reason = own?.failed ? `${t.thread.notSent} ${textOf(new ApiError(own.failed.code, own.failed.status))}` : said ?? t.thread.failedDefault
  const canResend = own !== undefined || m.failure?.canRetry === true
  const action = 'inline-flex items-center gap-1 font-medium underline underline-offset-2'
  return (
    <p role="status" className="mt-1 flex max-w-[min(36rem,85%)] flex-wrap items-center justify-end gap-x-3 gap-y-1 text-right text-small text-danger">
      <span>{reason}</span>
      {canResend && <button type="button" className={action} disabled={resend.isPending} onClick={() => (own ? sendAgain(own) : resend.mutate(m))}><RotateCw className="size-3.5" />{t.thread.resend}</button>}
      {own && <button type="button" className={action} onClick={() => discard(own)}><Trash2 className="size-3.5" />{t.thread.discard}</button>}
    </p>
  )
}
