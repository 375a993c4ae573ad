import { useId, useState, type KeyboardEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useI18n } from '@/lib/i18n/i18n'

type Props = { about: 'close' | 'handBack'; busy: boolean; onClose: () => void; onSubmit: (words: string) => void }

/** Asks before a conversation is closed or handed back, and takes the reason or the note for it. */
export function AskDialog({ about, busy, onClose, onSubmit }: Props) {
  const { t } = useI18n()
  const [words, setWords] = useState('')
  const id = useId()
  const isClose = about === 'close'
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return
    e.preventDefault()
    onSubmit(words.trim())
  }
  const action = isClose ? t.thread.closeConversation : t.thread.handBack
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={isClose ? t.thread.closeTitle : action} {...(isClose && { lead: t.thread.closeLead })}>
      <form onSubmit={(e) => { e.preventDefault(); onSubmit(words.trim()) }}>
        <label htmlFor={id} className="font-medium">{isClose ? t.ball.reason : t.ball.note}</label>
        <textarea id={id} rows={3} value={words} maxLength={isClose ? 500 : 2000} onChange={(e) => setWords(e.target.value)} onKeyDown={onKeyDown} className="mt-1.5 w-full rounded-control border border-line-strong bg-paper px-3 py-2" />
        <p className="text-small text-soft">{isClose ? t.ball.reasonHint : t.ball.noteHint}</p>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" busy={busy}>{action}</Button>
        </div>
      </form>
    </Dialog>
  )
}
