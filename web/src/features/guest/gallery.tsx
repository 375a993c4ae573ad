import { useQueryClient } from '@tanstack/react-query'
import { FileText, Play } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { deskKeys, type ThreadData } from '@/api/desk-keys'
import type { Message } from '@/api/types'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { Section } from './section'

const shown = ['IMAGE', 'VIDEO', 'DOCUMENT']

/** Pictures, films and documents of the messages that were fetched, the newest first. A picture leads to its message. */
export function Gallery({ conversation }: { conversation: string }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const client = useQueryClient()
  const thread = useSyncExternalStore((tell) => client.getQueryCache().subscribe(tell), () => client.getQueryData<ThreadData>(deskKeys.thread(conversation)))
  const files = (thread?.pages ?? []).flatMap((p) => p.data.toReversed()).filter((m) => shown.includes(m.type) && m.mediaUrl)
  return (
    <Section title={d.guest.files} open={files.length > 0}>
      {files.length === 0 && <p className="text-soft">{d.guest.noFiles}</p>}
      <ul className="grid grid-cols-3 gap-1.5">
        {files.slice(0, 60).map((m) => <li key={m.id}><Tile message={m} label={m.metadata.filename ?? t.kind[m.type] ?? ''} /></li>)}
      </ul>
      {thread?.pages.at(-1)?.more && <p className="mt-2 text-small text-soft">{d.guest.moreFiles}</p>}
    </Section>
  )
}

function Tile({ message: m, label }: { message: Message; label: string }) {
  const picture = m.metadata.thumbnailUrl ?? (m.type === 'IMAGE' ? m.mediaUrl : undefined)
  return (
    <a href={m.mediaUrl} target="_blank" rel="noreferrer" aria-label={label} title={label} className="relative flex aspect-square items-center justify-center overflow-hidden rounded-md bg-ground text-soft hover:opacity-90">
      {picture ? <img src={picture} alt="" loading="lazy" className="size-full object-cover" /> : <span className="flex flex-col items-center gap-1 p-1"><FileText className="size-6" /><span className="line-clamp-2 text-center text-tiny break-all">{label}</span></span>}
      {m.type === 'VIDEO' && <Play className="absolute size-6 fill-current text-paper" />}
    </a>
  )
}
