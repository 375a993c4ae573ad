import { Hourglass } from 'lucide-react'
import { useState } from 'react'
import type { Conversation } from '@/api/types'
import { Button } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'
import { TemplateDialog } from './template-dialog'

/** What stands in the place of the composer once WhatsApp takes templates only. */
export function WindowClosed({ conversation: c }: { conversation: Conversation }) {
  const { t } = useI18n()
  const [choosing, setChoosing] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-3 border-t border-line bg-warn-soft px-4 py-3">
      <Hourglass className="size-5 shrink-0 text-warn" />
      <div className="min-w-48 flex-1">
        <p className="font-medium text-warn">{t.window.closedTitle}</p>
        <p className="text-small text-soft">{c.lastInboundAt === null ? t.window.neverHint : t.window.closedHint}</p>
      </div>
      <Button onClick={() => setChoosing(true)}>{t.window.choose}</Button>
      {choosing && <TemplateDialog conversation={c.id} onClose={() => setChoosing(false)} />}
    </div>
  )
}
