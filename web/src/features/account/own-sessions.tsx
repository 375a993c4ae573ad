import { useQuery } from '@tanstack/react-query'
import { Monitor } from 'lucide-react'
import { pageQuery } from '@/api/page'
import type { OwnSession } from '@/api/page-types'
import { Card } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { accountTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { deviceOf } from './device'

/** Where one is logged in. */
export function OwnSessions() {
  const a = useTexts(accountTexts)
  const { format } = useI18n()
  const list = useQuery(pageQuery<{ data: OwnSession[] }>(['sessions'], '/auth/sessions'))
  const end = useChange(['sessions'], a.ended)
  return (
    <Card title={a.sessions} lead={a.sessionsLead}>
      {list.isPending && <Skeleton className="h-16" />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      <ul className="flex flex-col gap-3">
        {list.data?.data.map((s) => (
          <li key={s.id} className="flex flex-wrap items-center gap-3">
            <Monitor aria-hidden="true" className="size-5 shrink-0 text-faint" />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-2 font-medium">{deviceOf(s.userAgent) || a.unknownDevice}{s.current && <Badge tone="brand">{a.here}</Badge>}</span>
              <span className="tabular block text-small text-soft">{a.lastUsed(format.full(s.lastUsedAt))} · {s.ip}</span>
            </span>
            {!s.current && <Button className="h-8" busy={end.isPending} onClick={() => end.mutate({ method: 'DELETE', path: `/auth/sessions/${s.id}` })}>{a.end}</Button>}
          </li>
        ))}
      </ul>
    </Card>
  )
}
