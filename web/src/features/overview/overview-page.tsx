import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { pageQuery } from '@/api/page'
import type { ConversationStats, EscalationStats, TimelineReport } from '@/api/page-types'
import { Bars, Rows } from '@/components/charts/bars'
import { Figure } from '@/components/page/figure-card'
import { Card, Page } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { usePerson } from '@/components/person'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

const shown = ['BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING']

/** How things stand: the numbers are those of the board, and follow what happens. */
export function OverviewPage() {
  const { overview: o, count } = useTexts(reportTexts)
  const { t, format } = useI18n()
  const { role } = usePerson()
  const stats = useQuery(pageQuery<ConversationStats>(['counts', 'stats'], '/api/conversations/stats'))
  const calls = useQuery(pageQuery<EscalationStats>(['escalations', 'stats'], '/api/escalations/stats'))
  const s = stats.data
  const leads = role !== 'ATTENDANT' && role !== 'SALES'
  return (
    <Page title={o.title} lead={o.lead}>
      {stats.isPending && <Skeleton className="h-28" />}
      {stats.isError && <Failed error={stats.error} onRetry={() => void stats.refetch()} />}
      {s && (
        <dl aria-label={o.now} className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
          <Figure name={o.pending} tone={(calls.data?.pending ?? 0) > 0 ? 'danger' : 'plain'} value={calls.data ? format.number(calls.data.pending) : '–'} />
          <Figure name={o.bot} tone="bot" value={format.number(s.byStatus.BOT_HANDLING ?? 0)} />
          <Figure name={o.active} value={format.number(s.active)} />
          <Figure name={o.unassigned} value={format.number(s.unassigned)} />
          <Figure name={o.unread} value={format.number(s.unreadMessages)} />
          <Figure name={o.opportunities} value={format.number(s.opportunities)} />
        </dl>
      )}
      {s && <Card title={o.byStatus}><Rows label={o.byStatus} head={count} rows={shown.map((state) => ({ label: t.status[state] ?? state, value: s.byStatus[state] ?? 0 }))} /></Card>}
      {leads && <WeekCard />}
    </Page>
  )
}

function WeekCard() {
  const { overview: o, count } = useTexts(reportTexts)
  const { format } = useI18n()
  const days = useQuery(pageQuery<TimelineReport>(['reports', 'timeline', '7d'], '/api/reports/timeline?period=7d'))
  const total = days.data?.timeline.reduce((sum, d) => sum + d.totalConversations, 0)
  return (
    <Card title={o.week} lead={o.weekLead} actions={<Link to="/relatorios" className="text-brand-strong underline underline-offset-2">{o.more}</Link>}>
      {days.isPending && <Skeleton className="h-48" />}
      {days.isError && <Failed error={days.error} onRetry={() => void days.refetch()} />}
      {total === 0 && <p className="text-soft">{o.quiet}</p>}
      {days.data && total !== 0 && <Bars label={o.week} head={count} bars={days.data.timeline.map((d) => ({ label: format.day(d.date), value: d.totalConversations }))} />}
    </Card>
  )
}
