import { RotateCw, Trash2 } from 'lucide-react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

type Props = { message: Message; error: string | undefined; onResend: () => void; onDiscard: (() => void) | undefined }

/** Why a message was not sent, and what can be done. `error` is set while only this screen has the message. */
export function Failed({ message: m, error, onResend, onDiscard }: Props) {
  const { t, language } = useI18n()
  const reason = error ?? (language === 'pt-BR' ? m.failure?.message : m.failure?.messageEn ?? m.failure?.message) ?? t.thread.failedDefault
  const canResend = error !== undefined || m.failure?.canRetry === true
  const action = 'inline-flex items-center gap-1 font-medium underline underline-offset-2'
  return (
    <p role="status" className="mt-1 flex max-w-[min(36rem,85%)] flex-wrap items-center justify-end gap-x-3 gap-y-1 text-right text-small text-danger">
      <span>{reason}</span>
      {canResend && <button type="button" className={action} onClick={onResend}><RotateCw className="size-3.5" />{t.thread.resend}</button>}
      {onDiscard && <button type="button" className={action} onClick={onDiscard}><Trash2 className="size-3.5" />{t.thread.discard}</button>}
    </p>
  )
}
