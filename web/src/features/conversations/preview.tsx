import { Bot, Camera, FileText, MapPin, Mic, UserRound, Video } from 'lucide-react'
import type { Preview } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

const icons: Record<string, typeof Camera> = { IMAGE: Camera, VIDEO: Video, AUDIO: Mic, DOCUMENT: FileText, LOCATION: MapPin, CONTACTS: UserRound }

/** The last message in one line: who wrote it, what kind it is, what it says. */
export function PreviewLine({ message, me }: { message: Preview | null; me: string }) {
  const { t } = useI18n()
  if (message === null) return <span>{t.list.noMessage}</span>
  const Kind = icons[message.type]
  const text = message.content.replace(/[*_~`]/g, '').replace(/\s+/g, ' ').trim()
  return (
    <>
      {message.sender === 'BOT' && <Bot aria-label={t.ball.bot} className="mr-1 inline size-3.5 align-[-2px] text-bot" />}
      {message.sender === 'PERSON' && <span className="text-ink">{message.userId === me ? t.list.you : t.thread.team}: </span>}
      {Kind && <Kind aria-hidden="true" className="mr-1 inline size-3.5 align-[-2px]" />}
      {text === '' ? t.kind[message.type] ?? t.kind.UNSUPPORTED : text}
    </>
  )
}
