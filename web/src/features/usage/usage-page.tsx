import { useQuery } from '@tanstack/react-query'
import { hotelQuery } from '@/api/me'
import { pageQuery } from '@/api/page'
import type { MonthUsage, PlanLimit, Usage, UsageList } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Card, Page } from '@/components/page/page'
import { Failed, Table, type Column } from '@/components/page/table'
import { Skeleton } from '@/components/ui/skeleton'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** What the plan allows, and how much of it is gone. */
export function UsagePage() {
  const { usage: u } = useTexts(reportTexts)
  const { format } = useI18n()
  const hotel = useQuery(hotelQuery).data
  const now = useQuery(pageQuery<MonthUsage>(['usage', 'current'], '/api/usage-tracking/current'))
  const months = useQuery({ ...pageQuery<UsageList>(['usage'], '/api/usage-tracking?limit=24'), select: (l) => l.data })
  const columns: Column<Usage>[] = [
    { key: 'period', head: u.period, narrow: 'title', cell: (m) => <span className="tabular">{m.period}</span> },
    { key: 'messages', head: u.allMessages, end: true, cell: (m) => format.number(m.messagesCount) },
    { key: 'conversations', head: u.conversations, end: true, cell: (m) => format.number(m.conversationsCount) },
    { key: 'active', head: u.active, end: true, cell: (m) => format.number(m.activeUsers) },
  ]
  return (
    <Page narrow title={u.title} lead={u.lead}>
      {now.isPending && <Skeleton className="h-40" />}
      {now.isError && <Failed error={now.error} onRetry={() => void now.refetch()} />}
      {now.data && (
        <Card title={`${u.plan}: ${u.plans[hotel?.plan ?? ''] ?? hotel?.plan ?? ''}`} lead={hotel?.trialEndsAt && hotel.status === 'TRIAL' ? u.trial(format.date(hotel.trialEndsAt)) : undefined}>
          <div className="flex flex-col gap-5"><Meter name={u.messages} limit={now.data.limits.messages} /><Meter name={u.users} limit={now.data.limits.users} /></div>
        </Card>
      )}
      <h2 className="mt-2 text-title font-semibold">{u.before}</h2>
      <Table label={u.before} columns={columns} rows={months} keyOf={(m) => m.period} empty={<Notice title={u.empty} />} />
    </Page>
  )
}

function Meter({ name, limit }: { name: string; limit: PlanLimit }) {
  const { usage: u } = useTexts(reportTexts)
  const { format } = useI18n()
  const isFree = limit.limit === 0
  const text = u.of(format.number(limit.used), isFree ? u.unlimited : format.number(limit.limit))
  return (
    <div>
      <p className="flex items-baseline gap-3"><span className="flex-1 font-medium">{name}</span><span className="tabular">{isFree ? `${format.number(limit.used)} (${u.unlimited})` : text}</span></p>
      {!isFree && (
        <div role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={limit.limit} aria-valuenow={Math.min(limit.used, limit.limit)} aria-valuetext={text} className="mt-1.5 h-2.5 overflow-hidden rounded-full bg-ground">
          <div style={{ width: `${Math.min(100, (limit.used / limit.limit) * 100)}%` }} className={cx('h-full rounded-full', limit.reached ? 'bg-danger' : limit.warning ? 'bg-warn' : 'bg-brand')} />
        </div>
      )}
      {limit.reached ? <p className="mt-1 text-danger">{u.reached}</p> : limit.warning && <p className="mt-1 text-warn">{u.warning}</p>}
    </div>
  )
}
