import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

/** How far a message of the hotel's has come: one tick, two, two in blue. */
export function Ticks({ message: m }: { message: Message }) {
  const { t } = useI18n()
  const label = m.outcomeUnknown ? t.thread.unknown : t.thread.status[m.status] ?? m.status
  const icon = { className: 'size-4 shrink-0', role: 'img', 'aria-label': label }
  switch (m.status) {
    case 'PENDING':
      return <Clock3 {...icon} className="size-3.5 shrink-0" />
    case 'SENT':
      return <Check {...icon} />
    case 'DELIVERED':
      return <CheckCheck {...icon} />
    case 'READ':
      return <CheckCheck {...icon} className="size-4 shrink-0 text-read" />
    case 'FAILED':
      return <CircleAlert {...icon} className="size-4 shrink-0 text-danger" />
    default:
      return null
  }
}
