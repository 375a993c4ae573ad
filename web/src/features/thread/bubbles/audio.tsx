import { Pause, Play } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { UploadProgress } from './upload-progress'

const speeds = [1, 1.5, 2]

/** A recording, with its loudness drawn where the server knows it. */
export function AudioBubble({ message: m }: { message: Message }) {
  const { t, format } = useI18n()
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState(1)
  const [length, setLength] = useState(m.metadata.duration ?? 0)
  if (!m.mediaUrl) return <p className="p-2 text-soft">{m.metadata.mediaError ? t.bubble.fileLost : t.bubble.loadingFile}</p>
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1
    setSpeed(next)
    if (audio.current) audio.current.playbackRate = next
  }
  const seek = (to: number) => {
    if (audio.current) audio.current.currentTime = to
    setAt(to)
  }
  return (
    <>
    <div className="flex w-64 max-w-full items-center gap-2 p-1">
      <audio
        ref={audio}
        src={m.mediaUrl}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onTimeUpdate={(e) => setAt(e.currentTarget.currentTime)}
        onDurationChange={(e) => Number.isFinite(e.currentTarget.duration) && setLength(e.currentTarget.duration)}
      />
      <button
        type="button"
        aria-label={playing ? t.bubble.pause : t.bubble.play}
        onClick={() => void (playing ? audio.current?.pause() : audio.current?.play())}
        className="flex size-9 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand"
      >
        {playing ? <Pause className="size-4" /> : <Play className="size-4" />}
      </button>
      <div className="relative h-8 min-w-0 flex-1">
        <Wave loudness={m.metadata.waveform ?? []} played={length > 0 ? at / length : 0} />
        <input type="range" aria-label={t.bubble.position} min={0} max={Math.max(length, 0.1)} step={0.1} value={at} onChange={(e) => seek(Number(e.target.value))} className="absolute inset-0 w-full opacity-0 focus-visible:opacity-100" />
      </div>
      <button type="button" aria-label={t.bubble.speed(`${speed}×`)} onClick={faster} className="tabular w-9 rounded-full bg-ground py-0.5 text-small text-soft">{speed}×</button>
      <span className="tabular w-8 text-right text-small text-soft">{format.clock(playing || at > 0 ? at : length)}</span>
    </div>
    <UploadProgress message={m} />
    <Transcription message={m} />
    </>
  )
}

const bars = 28

function Wave({ loudness, played }: { loudness: number[]; played: number }) {
  return (
    <div aria-hidden="true" className="flex h-full items-center gap-[2px]">
      {Array.from({ length: bars }, (_, i) => {
        const loud = loudness[Math.floor((i / bars) * loudness.length)] ?? 12
        return <span key={i} style={{ height: `${Math.max(10, loud)}%` }} className={i / bars < played ? 'flex-1 rounded-full bg-brand' : 'flex-1 rounded-full bg-line-strong'} />
      })}
    </div>
  )
}

/** What was said, where the server listens to it. */
function Transcription({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const said = (m as { transcription?: string | { text?: string } }).transcription
  const text = typeof said === 'string' ? said : said?.text
  if (!text) return null
  return (
    <details open={text.length < 280} className="w-64 max-w-full px-1 pb-0.5 text-small">
      <summary className="cursor-pointer text-tiny font-medium text-soft">{t.bubble.transcription}</summary>
      <p className="break-words whitespace-pre-wrap">{text}</p>
    </details>
  )
}
