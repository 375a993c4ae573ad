import { Hourglass, NotebookPen } from 'lucide-react'
import { Suspense, useState } from 'react'
import type { Conversation } from '@/api/types'
import { Button } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'
import { TemplatePicker } from './lazy'

/** What stands in the place of the composer once WhatsApp takes templates only. */
export function WindowClosed({ conversation: c, onNote }: { conversation: Conversation; onNote: () => void }) {
  const { t } = useI18n()
  const [choosing, setChoosing] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line bg-warn-soft px-4 py-3">
      <Hourglass className="size-5 shrink-0 text-warn" />
      <div className="min-w-48 flex-1">
        <p className="font-medium text-warn">{t.window.closedTitle}</p>
        <p className="text-small text-soft">{c.lastInboundAt === null ? t.window.neverHint : t.window.closedHint}</p>
      </div>
      <Button look="quiet" onClick={onNote}><NotebookPen className="size-4" />{t.composer.note}</Button>
      <Button look="primary" onClick={() => setChoosing(true)}>{t.window.choose}</Button>
      {choosing && <Suspense fallback={null}><TemplatePicker conversation={c} onClose={() => setChoosing(false)} /></Suspense>}
    </div>
  )
}
