import { Download, FileText, TriangleAlert } from 'lucide-react'
import type { Message } from '@/api/types'
import { Skeleton } from '@/components/ui/skeleton'
import { useI18n } from '@/lib/i18n/i18n'
import { FormattedText } from '../formatted-text'
import { UploadProgress } from './upload-progress'

/** What stands in the place of a file that is not here: it is coming, or it is lost. */
function NoFile({ message: m }: { message: Message }) {
  const { t } = useI18n()
  if (m.metadata.mediaError) return <p className="flex items-center gap-2 p-2 text-soft"><TriangleAlert className="size-4 shrink-0" />{t.bubble.fileLost}</p>
  return <div className="flex w-56 flex-col gap-2 p-2 text-small text-soft"><Skeleton className="h-24 w-full" />{t.bubble.loadingFile}</div>
}

function Caption({ message: m }: { message: Message }) {
  const text = m.metadata.caption ?? ''
  return text === '' ? null : <p className="px-1 pt-1 break-words whitespace-pre-wrap"><FormattedText text={text} /></p>
}

export function ImageBubble({ message: m, onShow }: { message: Message; onShow: (m: Message) => void }) {
  const { t } = useI18n()
  const alt = m.metadata.caption || t.kind[m.type] || ''
  if (!m.mediaUrl) return <NoFile message={m} />
  const size = fitted(m.metadata.width ?? 280, m.metadata.height ?? 210, m.type === 'STICKER' ? 160 : 300)
  const picture = <img src={m.metadata.thumbnailUrl ?? m.mediaUrl} alt={alt} loading="lazy" {...size} className={m.type === 'STICKER' ? 'object-contain' : 'bg-ground object-cover'} />
  if (m.type === 'STICKER') return picture
  return (
    <>
      <button type="button" aria-label={`${t.bubble.openImage}: ${alt}`} onClick={() => onShow(m)} className="relative block overflow-hidden rounded-lg">
        {picture}
      </button>
      <UploadProgress message={m} />
      <Caption message={m} />
    </>
  )
}

function fitted(width: number, height: number, most: number) {
  const scale = Math.min(1, most / width, most / height)
  return { width: Math.max(80, Math.round(width * scale)), height: Math.max(60, Math.round(height * scale)) }
}

export function VideoBubble({ message: m }: { message: Message }) {
  if (!m.mediaUrl) return <NoFile message={m} />
  return (
    <>
      <video controls preload="none" poster={m.metadata.thumbnailUrl} src={m.mediaUrl} className="max-h-80 w-72 max-w-full rounded-lg bg-black" />
      <UploadProgress message={m} />
      <Caption message={m} />
    </>
  )
}

export function DocumentBubble({ message: m }: { message: Message }) {
  const { t, format } = useI18n()
  if (!m.mediaUrl) return <NoFile message={m} />
  const name = m.metadata.filename ?? t.kind.DOCUMENT ?? ''
  return (
    <>
      <a href={m.mediaUrl} download={name} target="_blank" rel="noopener noreferrer" className="flex w-64 max-w-full items-center gap-3 rounded-lg bg-ground p-2.5 hover:opacity-90">
        <FileText className="size-8 shrink-0 text-brand" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{name}</span>
          <span className="block text-small text-soft">{m.metadata.fileSize ? format.size(m.metadata.fileSize) : t.kind.DOCUMENT}</span>
        </span>
        <Download className="size-4 shrink-0 text-soft" aria-label={t.bubble.download} />
      </a>
      <UploadProgress message={m} />
      <Caption message={m} />
    </>
  )
}
