import { useQueryClient } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { deskKeys, type ThreadData } from '@/api/desk-keys'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

const zooms = [1, 2, 4]

/** A picture over the whole screen; arrows go to the others of the conversation, + and - make it larger and smaller. */
export function Lightbox({ conversation, first, onClose }: { conversation: string; first: Message; onClose: () => void }) {
  const { t, format } = useI18n()
  const client = useQueryClient()
  const box = useRef<HTMLDialogElement>(null)
  const [all] = useState(() => pictures(client.getQueriesData<ThreadData>({ queryKey: deskKeys.thread(conversation) }).flatMap(([, data]) => data ?? []), first))
  const [at, setAt] = useState(() => all.findIndex((m) => m.id === first.id))
  const [zoom, setZoom] = useState(1)
  const shown = all[at] ?? first
  const go = (by: number) => {
    if (!all[at + by]) return
    setAt(at + by)
    setZoom(1)
  }
  const closer = (by: number) => setZoom((now) => zooms[Math.min(zooms.length - 1, Math.max(0, zooms.indexOf(now) + by))] ?? 1)
  const onKey = useEffectEvent((e: KeyboardEvent) => {
    const does: Record<string, () => void> = { ArrowLeft: () => go(-1), ArrowRight: () => go(1), '+': () => closer(1), '=': () => closer(1), '-': () => closer(-1) }
    does[e.key]?.()
  })
  useEffect(() => {
    box.current?.showModal()
    const listen = (e: KeyboardEvent) => onKey(e)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  const round = 'flex size-10 items-center justify-center rounded-full bg-black/50 text-white hover:bg-black/70 disabled:opacity-30'
  return (
    <dialog ref={box} aria-label={shown.metadata.caption || t.kind.IMAGE} onClose={onClose} className="m-0 h-dvh max-h-none w-screen max-w-none bg-black/90 backdrop:bg-transparent">
      <div className="flex h-full flex-col">
        <header className="flex items-center gap-2 p-3 text-white">
          <p className="min-w-0 flex-1 truncate">{shown.metadata.caption} <span className="tabular text-small opacity-80">{format.full(shown.timestamp)}{all.length > 1 && ` · ${at + 1}/${all.length}`}</span></p>
          <button type="button" className={round} aria-label={t.bubble.smaller} disabled={zoom === 1} onClick={() => closer(-1)}><ZoomOut className="size-5" /></button>
          <button type="button" className={round} aria-label={t.bubble.larger} disabled={zoom === 4} onClick={() => closer(1)}><ZoomIn className="size-5" /></button>
          <a className={round} aria-label={t.bubble.download} href={shown.mediaUrl} download={shown.metadata.filename ?? ''} target="_blank" rel="noopener noreferrer"><Download className="size-5" /></a>
          <button type="button" className={round} aria-label={t.close} onClick={() => box.current?.close()}><X className="size-5" /></button>
        </header>
        <div className="flex min-h-0 flex-1 items-center gap-2 px-2 pb-3">
          <button type="button" className={round} aria-label={t.bubble.previous} disabled={at <= 0} onClick={() => go(-1)}><ChevronLeft className="size-6" /></button>
          <div className="flex h-full min-w-0 flex-1 overflow-auto">
            <img src={shown.mediaUrl} alt={shown.metadata.caption || t.kind.IMAGE} style={zoom === 1 ? undefined : { width: `${zoom * 100}%`, maxWidth: 'none', maxHeight: 'none' }} className="m-auto max-h-full max-w-full object-contain" />
          </div>
          <button type="button" className={round} aria-label={t.bubble.next} disabled={at >= all.length - 1} onClick={() => go(1)}><ChevronRight className="size-6" /></button>
        </div>
      </div>
    </dialog>
  )
}

function pictures(threads: ThreadData[], first: Message): Message[] {
  const thread = threads.find((one) => one.pages.some((p) => p.data.some((m) => m.id === first.id)))
  return thread?.pages.toReversed().flatMap((p) => p.data).filter((m) => m.type === 'IMAGE' && m.mediaUrl && !m.metadata.revokedAt) ?? [first]
}
