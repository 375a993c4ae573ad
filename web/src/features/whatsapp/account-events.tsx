import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { AccountEventList } from '@/api/page-types'
import { Card } from '@/components/page/page'
import { Badge, type Tone } from '@/components/ui/badge'
import { useTexts } from '@/lib/i18n/area'
import { settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

const tones: Record<string, Tone> = { info: 'plain', warning: 'warn', critical: 'danger' }

/** The latest that Meta said of the account. */
export function AccountEvents() {
  const { whatsapp: w } = useTexts(settingTexts)
  const { format } = useI18n()
  const list = useQuery(pageQuery<AccountEventList>(['whatsapp', 'events'], '/api/whatsapp/account-events?limit=20'))
  return (
    <Card title={w.events}>
      {list.data?.data.length === 0 && <p className="text-soft">{w.noEvents}</p>}
      <ul className="flex flex-col gap-2.5">
        {list.data?.data.map((e) => (
          <li key={e.id} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <span className="tabular text-small text-soft">{format.full(e.occurredAt)}</span>
            <Badge tone={tones[e.severity] ?? 'plain'}>{w.severity[e.severity]}</Badge>
            <span className="min-w-0 flex-1 basis-64"><span className="font-medium">{w.kinds[e.kind]}</span>{e.subject && ` · ${e.subject}`}{e.reason && <span className="text-soft"> · {e.reason}</span>}</span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
