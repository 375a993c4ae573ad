import { useQuery } from '@tanstack/react-query'
import { SendHorizontal } from 'lucide-react'
import { useEffect, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent } from 'react'
import { teamQuery } from '@/api/team'
import type { Conversation } from '@/api/types'
import { holderOf } from '@/components/standing'
import { cx } from '@/lib/cx'
import { useI18n } from '@/lib/i18n/i18n'
import { forgetReply, useReplying } from '@/outgoing/replying'
import { AttachmentTray } from './attachment-tray'
import { useAttached } from './attached'
import { MentionList } from './mention-list'
import { mentionsIn } from './mentions'
import { QuickReplyList } from './quick-reply-list'
import { ReplyBar } from './reply-bar'
import { Recorder } from './lazy'
import { go, isSendable } from './sending'
import { Tools } from './tools'
import { useText } from './use-text'
import { useDrop } from './use-drop'
import { useTypingShown } from './use-typing-shown'
import { handleKey, useCalled } from './use-suggestions'

export type Mode = 'answer' | 'note'

const longest = { answer: 4096, note: 2000 }

type Props = { conversation: Conversation; me: string; mode: Mode; onMode: (m: Mode) => void }

export function Writer({ conversation: c, me, mode, onMode }: Props) {
  const { t, format } = useI18n()
  const isNote = mode === 'note'
  const { text, write, box, put } = useText(c.id, mode)
  const attached = useAttached(c.id)
  const team = useQuery({ ...teamQuery, enabled: isNote })
  const reply = useReplying(c.id)
  const called = useCalled(isNote ? '@' : '/', text)
  const [found, setFound] = useState<string[]>([])
  const [recording, setRecording] = useState(false)
  const over = useDrop(attached.add)
  const showTyping = useTypingShown(c.id, mode)
  const files = isNote ? [] : attached.files
  useEffect(() => {
    if (reply) box.current?.focus()
  }, [reply, box])
  const tooLong = text.length > longest[mode]
  const can = !tooLong && isSendable(text, files)
  const choose = (i: number) => called.called && put(called.called, found[i] ?? '')
  const submit = (e?: FormEvent) => {
    e?.preventDefault()
    if (!can) return
    go(c.id, mode, text, files, reply, isNote ? mentionsIn(text, team.data ?? []) : [])
    write('')
    attached.clear()
    forgetReply(c.id)
    showTyping(false)
    box.current?.focus()
  }
  const onKeyDown = (e: KeyboardEvent) => {
    if (called.called && handleKey(e, found.length, called.at, { move: called.setAt, choose, dismiss: called.dismiss })) return
    if (e.key === 'Escape' && reply) return forgetReply(c.id)
    if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return
    e.preventDefault()
    submit()
  }
  const onPaste = (e: ClipboardEvent) => {
    if (isNote || e.clipboardData.files.length === 0 || e.clipboardData.types.includes('text/plain')) return
    e.preventDefault()
    attached.add(e.clipboardData.files)
  }
  if (recording) return <Recorder conversation={c.id} onDone={() => setRecording(false)} />
  return (
    <div className={cx('relative border-t px-3 pt-1.5 pb-2.5', isNote ? 'border-warn bg-warn-soft' : 'border-line bg-paper')}>
      {over && !isNote && <p className="absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-dashed border-brand bg-brand-soft font-medium text-brand-strong">{t.composer.dropHere}</p>}
      <Tools conversation={c} mode={mode} onMode={onMode} text={text} onScheduled={() => write('')} onFiles={attached.add} onInsert={(words) => put(undefined, words)} onRecord={() => setRecording(true)} />
      {c.status === 'CLOSED' && !isNote && <p className="pb-2 text-center text-small text-soft">{t.thread.closedNote}</p>}
      {!isNote && <ReplyBar conversation={c} />}
      {files.length > 0 && <AttachmentTray files={files} onRemove={attached.remove} />}
      <form className="relative flex items-end gap-2" onSubmit={submit}>
        {called.called && isNote && <MentionList me={me} called={called.called} at={called.at} onAt={called.setAt} onChoose={choose} onFound={setFound} />}
        {called.called && !isNote && <QuickReplyList conversation={c} called={called.called} at={called.at} onAt={called.setAt} onChoose={choose} onFound={setFound} />}
        <textarea
          ref={box}
          id="composer"
          rows={1}
          value={text}
          aria-label={isNote ? t.composer.noteLabel : t.composer.label}
          aria-invalid={tooLong || undefined}
          aria-controls={called.called ? 'quick-replies' : undefined}
          aria-activedescendant={called.called && found.length > 0 ? `quick-replies-${called.at}` : undefined}
          title={t.composer.hint}
          placeholder={isNote ? t.composer.notePlaceholder : holderOf(c, me) === 'you' ? t.composer.placeholder : t.composer.placeholderBot}
          onChange={(e) => {
            write(e.target.value)
            called.moved(e.target.selectionStart)
            showTyping(e.target.value.trim() !== '')
          }}
          onSelect={(e) => called.called && called.moved(e.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          className={cx('max-h-40 min-h-11 flex-1 resize-none rounded-[22px] px-4 py-2.5 leading-6 outline-offset-0', isNote ? 'bg-paper' : 'bg-ground')}
        />
        <button type="submit" aria-label={isNote ? t.composer.saveNote : t.composer.send} title={isNote ? t.composer.saveNote : t.composer.send} disabled={!can} className="flex size-11 shrink-0 items-center justify-center rounded-full bg-brand text-on-brand transition-colors hover:bg-brand-strong disabled:bg-ground disabled:text-faint">
          <SendHorizontal className="size-5" />
        </button>
      </form>
      {text.length > longest[mode] - 200 && (
        <p role={tooLong ? 'alert' : undefined} className={cx('tabular pt-1 text-small', tooLong ? 'text-danger' : 'text-soft')}>
          {tooLong ? t.composer.tooLong(format.number(longest[mode])) : `${format.number(text.length)} / ${format.number(longest[mode])}`}
        </p>
      )}
    </div>
  )
}
