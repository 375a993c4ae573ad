import { CalendarClock, FileStack, Mic, Paperclip, Smile } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import type { Conversation } from '@/api/types'
import { IconButton } from '@/components/ui/button'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { accepted } from './files'
import { EmojiPicker, ScheduleDialog, TemplatePicker } from './lazy'
import type { Mode } from './writer'

type Props = {
  conversation: Conversation; mode: Mode; onMode: (m: Mode) => void; text: string; onScheduled: () => void
  onFiles: (files: Iterable<File>) => void; onInsert: (words: string) => void; onRecord: () => void
}

type Shown = 'emoji' | 'template' | 'schedule' | undefined

/** What else than writing can be done: answer or note, and the ways to send more than text. */
export function Tools({ conversation: c, mode, onMode, text, onScheduled, onFiles, onInsert, onRecord }: Props) {
  const { t } = useI18n()
  const [shown, setShown] = useState<Shown>()
  const files = useRef<HTMLInputElement>(null)
  const close = () => setShown(undefined)
  const icon = 'size-[1.15rem]'
  return (
    <div className="flex items-center gap-0.5 pb-1">
      <div role="group" aria-label={t.composer.mode} className="mr-auto flex min-w-0 gap-1">
        {(['answer', 'note'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={mode === one} onClick={() => onMode(one)} className={cx('h-7 truncate rounded-full px-2.5 text-small font-medium', mode === one ? (one === 'note' ? 'bg-paper text-warn' : 'bg-brand-soft text-brand-strong') : 'text-soft hover:text-ink')}>
            {t.composer[one]}
          </button>
        ))}
      </div>
      <IconButton label={t.composer.emoji} aria-expanded={shown === 'emoji'} onClick={() => setShown(shown === 'emoji' ? undefined : 'emoji')}><Smile className={icon} /></IconButton>
      {mode === 'answer' && (
        <>
          <IconButton label={t.composer.attach} onClick={() => files.current?.click()}><Paperclip className={icon} /></IconButton>
          <IconButton label={t.composer.record} onClick={onRecord}><Mic className={icon} /></IconButton>
          <IconButton label={t.composer.templates} onClick={() => setShown('template')}><FileStack className={icon} /></IconButton>
          <IconButton label={t.composer.schedule} disabled={text.trim() === ''} onClick={() => setShown('schedule')}><CalendarClock className={icon} /></IconButton>
          <input ref={files} type="file" multiple hidden aria-label={t.composer.attach} accept={accepted} onChange={(e) => { onFiles(e.target.files ?? []); e.target.value = '' }} />
        </>
      )}
      <Suspense fallback={null}>
        {shown === 'emoji' && <EmojiPicker onChoose={onInsert} onClose={close} />}
        {shown === 'template' && <TemplatePicker conversation={c} onClose={close} />}
        {shown === 'schedule' && <ScheduleDialog conversation={c} text={text.trim()} onDone={onScheduled} onClose={close} />}
      </Suspense>
    </div>
  )
}
