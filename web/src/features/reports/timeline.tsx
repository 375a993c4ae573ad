import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { TimelineReport } from '@/api/page-types'
import { Bars } from '@/components/charts/bars'
import { weeksOf } from '@/components/charts/scale'
import { Card } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { addressOf, type Asked } from './asked'
import { CsvButton } from './csv-button'

const most = 62 // days side by side; longer periods are read by weeks

export function Timeline({ asked }: { asked: Asked }) {
  const { reports: r, count, days: span } = useTexts(reportTexts)
  const { format } = useI18n()
  const report = useQuery(pageQuery<TimelineReport>(['reports', 'timeline', asked], addressOf('timeline', asked)))
  const days = report.data?.timeline ?? []
  const byWeek = days.length > most
  const title = byWeek ? r.weekly : r.timeline
  const bars = byWeek
    ? weeksOf(days).map((w) => ({ label: format.day(w.from), title: span(format.day(w.from), format.day(w.to)), value: w.value }))
    : days.map((d) => ({ label: format.day(d.date), value: d.totalConversations }))
  return (
    <Card title={title} actions={<CsvButton report="timeline" name={title} asked={asked} />}>
      {report.isPending && <Skeleton className="h-48" />}
      {report.isError && <Failed error={report.error} onRetry={() => void report.refetch()} />}
      {bars.length > 0 && <Bars label={title} head={count} bars={bars} />}
    </Card>
  )
}
