import { daysBetween } from '@/lib/format'
import { useI18n } from '@/lib/i18n/i18n'

export function DayRow({ at }: { at: string }) {
  const { t, format } = useI18n()
  const days = daysBetween(new Date(at), new Date())
  const text = days === 0 ? t.thread.today : days === 1 ? t.thread.yesterday : format.longDay(new Date(at))
  return (
    <li className="sticky top-1 z-10 flex justify-center py-2">
      <span className="rounded-full bg-paper px-3 py-1 text-small font-medium text-soft shadow-low">{text}</span>
    </li>
  )
}

/** Stands above the first message that nobody had read when the conversation was opened. */
export function UnreadRow() {
  const { t } = useI18n()
  return <li className="my-2 bg-brand-soft py-1 text-center text-small font-medium text-brand-strong">{t.thread.unreadFrom}</li>
}
