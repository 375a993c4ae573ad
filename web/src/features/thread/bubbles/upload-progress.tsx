import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { discard, useOutgoing } from '@/outgoing/outgoing'

/** How far the upload of a file is that leaves from this screen, with a way to call it off. */
export function UploadProgress({ message: m }: { message: Message }) {
  return m.id === m.clientId && m.status === 'PENDING' ? <Running message={m} /> : null
}

function Running({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const own = useOutgoing(m.conversationId).find((o) => o.clientId === m.id)
  if (!own) return null
  const part = Math.round((own.progress ?? 0) * 100)
  return (
    <span className="flex items-center gap-2 px-1 pt-1 text-tiny">
      <progress aria-label={t.bubble.uploading} value={part} max={100} className="h-1.5 min-w-0 flex-1 accent-brand" />
      <span className="tabular w-8 text-right">{part}%</span>
      <button type="button" onClick={() => discard(own)} className="font-medium text-danger underline">{t.cancel}</button>
    </span>
  )
}
