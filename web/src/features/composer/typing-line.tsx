import { PencilLine } from 'lucide-react'
import { useI18n } from '@/lib/i18n/i18n'
import { useTypingColleagues } from '@/realtime/typing'

/** Warns that a colleague is answering the same guest just now. */
export function TypingLine({ conversation }: { conversation: string }) {
  const { t } = useI18n()
  const colleagues = useTypingColleagues(conversation)
  if (colleagues.length === 0) return null
  return (
    <p role="status" className="flex items-center gap-2 border-t border-line bg-warn-soft px-4 py-1.5 text-small font-medium text-warn">
      <PencilLine className="size-4 animate-pulse" />{t.composer.colleagueWrites(colleagues.map((one) => one.name).join(', '), colleagues.length)}
    </p>
  )
}
