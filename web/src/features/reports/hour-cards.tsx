import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { HourlyReport } from '@/api/page-types'
import { Bars, Rows } from '@/components/charts/bars'
import { Card } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { addressOf, type Asked } from './asked'
import { CsvButton } from './csv-button'

/** When guests begin to write: by hour, with the hours of the desk marked, and by day of the week. */
export function HourCards({ asked }: { asked: Asked }) {
  const { reports: r, count } = useTexts(reportTexts)
  const { format } = useI18n()
  const report = useQuery(pageQuery<HourlyReport>(['reports', 'hourly', asked], addressOf('hourly', asked)))
  const h = report.data
  if (report.isPending) return <Skeleton className="h-64" />
  if (h === undefined) return <Failed error={report.error} onRetry={() => void report.refetch()} />
  const { insideCount, outsideCount } = h.businessHoursMetrics
  return (
    <div className="grid gap-4 xl:grid-cols-[2fr_1fr]">
      <Card title={r.hourly} lead={`${r.inside}: ${format.number(insideCount)} · ${r.outside}: ${format.number(outsideCount)}`} actions={<CsvButton report="hourly" name={r.hourly} asked={asked} />}>
        <Bars label={r.hourly} head={count} bars={h.hourlyVolume.map((x) => ({ label: `${x.hour} h`, value: x.count, quiet: !x.isBusinessHour }))} />
      </Card>
      <Card title={r.weekdays}><Rows label={r.weekdays} head={count} rows={h.weekdays.map((d) => ({ label: r.weekday[d.weekday] ?? '', value: d.count }))} /></Card>
    </div>
  )
}
