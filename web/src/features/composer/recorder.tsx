import { MicOff, SendHorizontal, Square, Trash2 } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button, IconButton } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'
import { useTexts } from '@/lib/i18n/area'
import { threadTexts } from '@/lib/i18n/thread-texts'
import { send } from '@/outgoing/outgoing'
import { forgetReply, useReplying } from '@/outgoing/replying'
import { useRecorder } from './use-recorder'

/** Records a voice note in the composer's place: it can be heard before it is sent, or thrown away. */
export function Recorder({ conversation, onDone }: { conversation: string; onDone: () => void }) {
  const { t, format } = useI18n()
  const d = useTexts(threadTexts)
  const r = useRecorder()
  const reply = useReplying(conversation)
  const main = useRef<HTMLButtonElement>(null)
  useEffect(() => main.current?.focus(), [r.state])
  const go = () => {
    if (!r.file) return
    send(conversation, { kind: 'file', as: 'VOICE', name: r.file.name, mimeType: r.file.type, size: r.file.size, caption: '', duration: r.seconds }, { file: r.file, replyTo: reply })
    forgetReply(conversation)
    onDone()
  }
  if (r.state === 'refused') {
    return (
      <div role="alert" className="flex items-center gap-3 border-t border-line bg-paper px-4 py-3">
        <MicOff className="size-5 shrink-0 text-danger" /><p className="flex-1">{d.voice.refused}</p><Button onClick={onDone}>{t.close}</Button>
      </div>
    )
  }
  return (
    <section aria-label={d.voice.label} className="flex min-h-16 items-center gap-3 border-t border-line bg-paper px-3 py-2.5">
      <IconButton label={d.voice.discard} onClick={onDone}><Trash2 className="size-5 text-danger" /></IconButton>
      <span className="tabular w-10 text-small" role="timer">{format.clock(r.seconds)}</span>
      {r.state === 'done' ? <audio controls src={r.address} aria-label={d.voice.hear} className="h-10 min-w-0 flex-1" /> : <Meter levels={r.levels} />}
      {r.state === 'done' ? (
        <button ref={main} type="button" aria-label={d.voice.send} title={d.voice.send} onClick={go} className="flex size-11 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand hover:bg-brand-strong"><SendHorizontal className="size-5" /></button>
      ) : (
        <button ref={main} type="button" aria-label={d.voice.stop} title={d.voice.stop} disabled={r.state === 'asking'} onClick={r.stop} className="flex size-11 shrink-0 items-center justify-center rounded-full bg-danger text-paper disabled:opacity-50"><Square className="size-4 fill-current" /></button>
      )}
    </section>
  )
}

function Meter({ levels }: { levels: number[] }) {
  return (
    <div aria-hidden="true" className="flex h-9 min-w-0 flex-1 items-center justify-end gap-[3px] overflow-hidden">
      {levels.map((loud, i) => <span key={i} style={{ height: `${Math.max(8, loud * 100)}%` }} className="w-[3px] shrink-0 rounded-full bg-danger" />)}
    </div>
  )
}
