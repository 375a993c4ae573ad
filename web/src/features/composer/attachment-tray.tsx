import { FileText, Film, LoaderCircle, Music, TriangleAlert, X } from 'lucide-react'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import type { Attached } from './attached'

type Props = { files: Attached[]; onRemove: (key: string) => void }

/** What goes with the next message, and what of it WhatsApp would refuse. */
export function AttachmentTray({ files, onRemove }: Props) {
  const { t, format } = useI18n()
  return (
    <ul aria-label={t.composer.attachments} className="flex gap-2 overflow-x-auto pb-2">
      {files.map((f) => (
        <li key={f.key} className={cx('relative flex w-40 shrink-0 flex-col overflow-hidden rounded-lg border bg-ground', wrong(f) ? 'border-danger' : 'border-line')}>
          <div className="flex h-24 items-center justify-center bg-wall">
            <Picture of={f} />
          </div>
          <div className="min-w-0 px-2 py-1.5">
            <p className="truncate text-small font-medium" title={f.file.name}>{f.file.name}</p>
            {wrong(f)
              ? <p role="alert" className="text-tiny text-danger">{reason(f, t.composer.refused, format.size)}</p>
              : <p className="tabular text-tiny text-soft">{f.busy ? t.composer.fitting : format.size(f.file.size)}</p>}
          </div>
          <button type="button" aria-label={t.composer.removeFile(f.file.name)} onClick={() => onRemove(f.key)} className="absolute top-1 right-1 flex size-6 items-center justify-center rounded-full bg-paper text-ink shadow-low">
            <X className="size-4" />
          </button>
        </li>
      ))}
    </ul>
  )
}

const wrong = (f: Attached) => !f.busy && 'refused' in f.verdict

function reason(f: Attached, words: { type: string; empty: string; size: (most: string) => string }, size: (bytes: number) => string): string {
  if (!('refused' in f.verdict)) return ''
  return f.verdict.refused === 'size' ? words.size(size(f.verdict.most ?? 0)) : words[f.verdict.refused]
}

function Picture({ of: f }: { of: Attached }) {
  if (f.busy) return <LoaderCircle className="size-6 animate-spin text-soft" />
  if (wrong(f)) return <TriangleAlert className="size-7 text-danger" />
  if (f.preview && f.file.type.startsWith('image/')) return <img src={f.preview} alt="" className="size-full object-cover" />
  if (f.file.type.startsWith('video/')) return <Film className="size-8 text-soft" />
  return f.file.type.startsWith('audio/') ? <Music className="size-8 text-soft" /> : <FileText className="size-8 text-brand" />
}
